"""Operators: what each kind of layer reads on every axis, and what it costs.

A module says in its ``__all__`` what stands here; no operator has to be named twice.
"""

from rfdocs.operators import (
    attention,
    channels,
    dense,
    fitting,
    given,
    merges,
    operator,
    resampling,
    sequences,
    tokens,
    windows,
)
from rfdocs.operators.attention import *
from rfdocs.operators.channels import *
from rfdocs.operators.dense import *
from rfdocs.operators.fitting import *
from rfdocs.operators.given import *
from rfdocs.operators.merges import *
from rfdocs.operators.operator import *
from rfdocs.operators.resampling import *
from rfdocs.operators.sequences import *
from rfdocs.operators.tokens import *
from rfdocs.operators.windows import *

__all__ = (
    operator.__all__
    + attention.__all__
    + channels.__all__
    + dense.__all__
    + fitting.__all__
    + given.__all__
    + merges.__all__
    + resampling.__all__
    + sequences.__all__
    + tokens.__all__
    + windows.__all__
)
