"""The independent verifier: the catalogue held against running PyTorch models. Only this package imports torch.

``python -m rfdocs.verify`` measures the fields of every network by gradients (:mod:`rfdocs.verify.measured`), compares
its layers with those of the reference implementation (:mod:`rfdocs.verify.compared`), at other sizes, too
(:mod:`rfdocs.verify.further_sizes`), and records all of it in ``architectures/verified``, where pages and tests read it
without torch (:mod:`rfdocs.catalogue.verification`).
"""
