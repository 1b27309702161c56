"""Renderers: contents as one offline HTML file, as PDF by typst, as Markdown; references as CSL-JSON and BibTeX."""
