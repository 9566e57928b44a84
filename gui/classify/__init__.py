"""The Classify page: many images, their answers, copies into class folders."""
