"""The bundled, cited events and figures; loading, selection, vintages, validation."""
