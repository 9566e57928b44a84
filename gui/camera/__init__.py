"""The camera on the page Classify. QtMultimedia is loaded when it is first opened."""
