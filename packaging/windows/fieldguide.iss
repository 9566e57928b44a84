; The installer for Windows, made by Inno Setup 6 out of dist\fieldguide; see build.ps1.
; For one user, without an administrator: nothing is written outside the user's own places.

#ifndef Version
  #error Give the version: ISCC /DVersion=0.1.0 fieldguide.iss
#endif

[Setup]
AppId={{6C0E5C5A-7C1B-4E39-9E0B-6B1B0C7D0F1E}
AppName=Fieldguide
AppVersion={#Version}
AppPublisher=The Fieldguide developers
DefaultDirName={autopf}\Fieldguide
DefaultGroupName=Fieldguide
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
ChangesEnvironment=yes
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=Fieldguide-{#Version}-setup
SetupIconFile=..\..\build\icons\fieldguide.ico
UninstallDisplayIcon={app}\fieldguide-window.exe
Compression=lzma2/fast
SolidCompression=yes
WizardStyle=modern

[Tasks]
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: explorer; Description: "“Classify with Fieldguide” in the right-click menu of pictures and folders"
Name: path; Description: "The command “fieldguide” in terminals"; Flags: unchecked

[Files]
Source: "..\..\dist\fieldguide\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[InstallDelete]
; Libraries of an earlier version must not be found beside those of this one.
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\Fieldguide"; Filename: "{app}\fieldguide-window.exe"
Name: "{autodesktop}\Fieldguide"; Filename: "{app}\fieldguide-window.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.fieldguide"; ValueType: string; ValueData: "Fieldguide.Project"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\Fieldguide.Project"; ValueType: string; ValueData: "Fieldguide project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Fieldguide.Project\DefaultIcon"; ValueType: string; ValueData: "{app}\fieldguide-window.exe,0"
Root: HKA; Subkey: "Software\Classes\Fieldguide.Project\shell\open\command"; ValueType: string; ValueData: """{app}\fieldguide-window.exe"" ""%1"""
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: IsNotOnPath

[Run]
Filename: "{app}\fieldguide.exe"; Parameters: "integrate install"; Tasks: explorer; Flags: runhidden
Filename: "{app}\fieldguide-window.exe"; Description: "{cm:LaunchProgram,Fieldguide}"; Flags: nowait postinstall skipifsilent

[UninstallRun]
; What the program itself wrote into the registry, it takes out again.
Filename: "{app}\fieldguide.exe"; Parameters: "integrate remove"; Flags: runhidden; RunOnceId: "Explorer"

[Code]
function IsNotOnPath: Boolean;
var
  Path: string;
begin
  if not RegQueryStringValue(HKCU, 'Environment', 'Path', Path) then
    Path := '';
  Result := Pos(';' + Uppercase(ExpandConstant('{app}')) + ';', ';' + Uppercase(Path) + ';') = 0;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Path: string;
begin
  if (Step = usPostUninstall) and RegQueryStringValue(HKCU, 'Environment', 'Path', Path) then
    if StringChangeEx(Path, ';' + ExpandConstant('{app}'), '', True) > 0 then
      RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Path);
end;
