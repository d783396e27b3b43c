"""Data actions out of Terraform: a folder of configuration, or the JSON of a plan."""

from __future__ import annotations

from jackfield.workbench.terraform.plan import load_plan
from jackfield.workbench.terraform.resources import load_terraform

__all__ = ["load_plan", "load_terraform"]
