"""What can be wrong with what somebody asks, writes or names: one family, each with a message and a hint.

    RfdocsError                          rfdocs.errors
      ArithmeticRefusal (ValueError)     rfdocs.errors
        AttributeRefusal                 rfdocs.language.axes
      CatalogueError (ValueError)        rfdocs.language.problems
      ExpressionError (ValueError)       rfdocs.language.expression
        UndefinedName                    rfdocs.language.expression
      ImageError (ValueError)            rfdocs.pixels.image_file
      ImportDisagrees (ValueError)       rfdocs.importing.verdicts
      InputError (ValueError)            rfdocs.graph.report
      KerasFileError (ValueError)        rfdocs.importing.keras_file
      MapsDiffer (ValueError)            rfdocs.importing.imported
      MathError (ValueError)             rfdocs.making.formulas
      MissingExtra (ImportError)         rfdocs.extras
      ModelNotUnderstood (ValueError)    rfdocs.importing.understanding
      NetworkError (ValueError)          rfdocs.graph.network
      NoLight (ValueError)               rfdocs.importing.lit_fields
      NotBuilt                           rfdocs.verify.built
      NotComputed (ValueError)           rfdocs.pixels.forward
      NotKept (LookupError)              rfdocs.making.store
      NotShown                           rfdocs.sphinx.base
      NotTiledError                      rfdocs.verify.tiled_image
      NotWritten (ValueError)            rfdocs.importing.compaction.plain_layers
      NothingSlides                      rfdocs.figures.sliding
      OnnxError (ValueError)             rfdocs.importing.onnx_limits
      ParametersDiffer (ValueError)      rfdocs.importing.imported
      PublishError (ValueError)          rfdocs.publish
      ReferenceFailedError               rfdocs.verify.__main__
      Refusal                            rfdocs.cli.console
        Misuse                           rfdocs.cli.console
      Refused (ValueError)               rfdocs.language.values
      TooLargeToStep                     rfdocs.figures.unit_stills
      UnknownLayer (KeyError)            rfdocs.graph.network
      UnknownName (ValueError)           rfdocs.errors
        UnknownNetwork                   rfdocs.catalogue.catalogue
        UnknownTensor                    rfdocs.pixels.tensors
      Unwritable                         rfdocs.cli.console
      WeightsError (ValueError)          rfdocs.pixels.tensors
      WrongRelation                      rfdocs.pages.window_caption
      WrongValues                        rfdocs.figures.cell_values
      WrongWindow                        rfdocs.figures.asked_window

Exceptions that end a search, an item or a file are caught where they are meant and tell nobody anything: _Enough,
_StepsUsedUp, _Stop, Exceeded, Exhausted, Mismatch, Puzzling, Skipped, TooManyProblems, Torn, Untraced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copyreg import __newobj__  # type: ignore[attr-defined]
from typing import Any, ClassVar

from rfdocs.spelling import all_of, did_you_mean, nearest

#: A hint, or what finds it when it is wanted.
Hint = str | Callable[[], str]


class RfdocsError(Exception):
    """What is wrong, in ``message``, and in ``hint`` how to mend it; nothing where that is plain. As text both, and
    between them the ``details``, where there are several things of a kind.

    >>> str(RfdocsError("there is no layer 'cov'", "did you mean conv?"))
    "there is no layer 'cov'; did you mean conv?"
    """

    def __init__(self, message: str, hint: Hint = "", details: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)
        self._hint = hint

    @property
    def hint(self) -> str:
        """How to mend it."""
        return self._hint if isinstance(self._hint, str) else self._hint()

    def __str__(self) -> str:
        if self.details:
            return "\n  ".join([f"{self.message}:", *self.details, *filter(None, (self.hint,))])
        return f"{self.message}; {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return __newobj__, (type(self), *self.args), self.__dict__


def reason(error: OSError | ValueError) -> str:
    """What went wrong with a file, in words."""
    return getattr(error, "strerror", None) or str(error)


def system_error_text(error: OSError, place: object = "") -> str:
    """What the system refused, and where, in one line.

    >>> system_error_text(OSError(28, "No space left on device", "page.html"))
    'page.html: No space left on device'
    """
    where = error.filename2 or error.filename or place
    return f"{where}: {reason(error)}" if where else reason(error)


class ArithmeticRefusal(RfdocsError, ValueError):
    """A layer that cannot be applied to the map that it is given, or a figure beyond the limits."""


class UnknownName(RfdocsError, ValueError):
    """A name that nothing of its kind has; ``near`` is the one that is spelt like it, if any.

    Where none is, the hint lists the known ones, all or ``listed`` of them.

    >>> UnknownName("column", "sise", ["name", "size"]).hint
    "did you mean 'size'?"
    """

    listed: ClassVar[int | None] = None

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        words = list(known)
        self.name = name
        self.near = nearest(name, words)
        super().__init__(f"there is no {what} '{name}'", did_you_mean(self.near) or all_of(words, self.listed))
