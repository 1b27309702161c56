"""The chapter that sets the two routes beside each other."""

from dataclasses import replace

import pytest

from milcoop.report.blocks import Paragraph, Ref, Table
from milcoop.report.inputs import ReportInputs
from milcoop.report.sections.routes import routes_section
from milcoop.workbench import Workbench, open_workbench


@pytest.fixture(scope="module")
def inputs() -> ReportInputs:
    workbench: Workbench = open_workbench()
    return workbench.report_inputs(workbench.dyad("USA", "JPN"))


def test_levels_of_both_routes_stand_beside_each_other(inputs: ReportInputs) -> None:
    assert inputs.latent is not None
    section = routes_section(inputs, inputs.latent)
    levels = next(b for b in section.blocks if isinstance(b, Table))
    assert levels.columns[1:5] == ("Redraws: median", "80 %", "Latent model: median", "80 %")
    for row in levels.rows:
        assert all(isinstance(cell, Ref) and cell.ids for cell in row[1:5])


def test_a_fit_that_fails_a_gate_is_called_not_established(inputs: ReportInputs) -> None:
    assert inputs.latent is not None
    failed = replace(inputs.latent, fit=replace(inputs.latent.fit, reasons=("R-hat 1.2 of state x",)))
    heads = [b.head for b in routes_section(inputs, failed).blocks if isinstance(b, Paragraph)]
    assert "Not established" in heads
    assert "Not established" not in [
        b.head for b in routes_section(inputs, inputs.latent).blocks if isinstance(b, Paragraph)
    ]
