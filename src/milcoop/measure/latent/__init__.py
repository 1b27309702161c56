"""The latent model: any panel of units, items and raters on one scale. Needs the extra ``model`` (numba, SciPy, ArviZ)."""
