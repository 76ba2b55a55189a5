"""The file pane: the files of a build's instance, to look at and to change by hand."""
