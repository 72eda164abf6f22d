# `make` alone lists the targets. `make html` and `make test` set up .venv themselves.

PYTHON := .venv/bin/python
PORT   := 8000
TYPESCRIPT := 5.9.3
ARGS   :=
PYTEST := -m pytest --numprocesses auto --dist loadscope --no-loadscope-reorder
LOWEST := tests/test_sphinx_project.py tests/test_sphinx_library.py tests/test_sphinx_reference.py \
    tests/test_mathml.py tests/test_figures.py tests/test_report.py tests/test_catalogue.py

# Tests start Python hundreds of times: what it compiled once stays, even where it was told to keep nothing.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help html test test-fast test-site test-torch check serve bench mutants lint lowest linkcheck lock \
    lock-verify dist verify clean environment

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

html: environment  ## build the site into build/html and print its address
	@$(PYTHON) -m rfdocs build $(ARGS)

test: environment  ## run the tests but those of the built site (ARGS="-k name" chooses some)
	@$(PYTHON) $(PYTEST) -m "not site and not browser" $(ARGS)

test-fast: environment  ## run those of them that take less than a minute together
	@$(PYTHON) $(PYTEST) -m "not slow" $(ARGS)

test-site: environment  ## run the tests of the built site, most of them in Chromium
	@$(PYTHON) $(PYTEST) -m "site or browser" $(ARGS)

test-torch: .venv-torch/ready  ## test what reads models of frameworks (installs PyTorch and Keras in .venv-torch)
	@.venv-torch/bin/python -m pytest -m importing $(ARGS)

check: environment  ## check the catalogue (ARGS=FILE checks one file)
	@$(PYTHON) -m rfdocs check $(ARGS)

serve: environment  ## serve the site and rebuild it at every change (PORT=8000)
	@$(PYTHON) -m sphinx_autobuild --port $(PORT) --watch architectures --watch rfdocs \
	    --ignore '*/site/networks/*' --ignore '*/__pycache__/*' \
	    -d build/serve/doctrees -j auto site build/serve/html

bench: environment  ## measure the speed against its bounds
	@$(PYTHON) tools/bench.py $(ARGS)

mutants: environment  ## change the arithmetic bit by bit and see whether the tests notice (ARGS=algebra)
	@nice $(PYTHON) tests/mutants.py $(ARGS)

lint: environment  ## ruff and mypy; and where node is, the types of the scripts
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@if command -v npx >/dev/null; then npx --yes --package=typescript@$(TYPESCRIPT) tsc --project jsconfig.json; \
	    else echo "no node here: the scripts' types are not checked"; fi

# A newer pyparsing warns an old matplotlib, and warnings are errors here.
lowest:  ## test the package and its extras at the lowest versions that they ask for (in .venv-lowest)
	@command -v uv >/dev/null 2>&1 || { echo "rfdocs: make lowest needs uv" >&2; exit 1; }
	@uv venv --quiet --clear --python 3.11 .venv-lowest
	@uv pip install --quiet --python .venv-lowest --resolution lowest-direct --editable '.[sphinx]'
	@uv pip install --quiet --python .venv-lowest pytest hypothesis html5lib 'pyparsing<3.3'
	@.venv-lowest/bin/python -m pytest $(LOWEST) $(ARGS)

linkcheck: environment  ## ask every outside link of the site whether it still stands
	@$(PYTHON) -m sphinx -b linkcheck -j auto -d build/linkcheck/doctrees site build/linkcheck/html

lock: environment  ## make requirements.lock anew from pyproject.toml (ARGS=--upgrade for newer versions)
	@command -v uv >/dev/null 2>&1 || $(PYTHON) -m pip install --quiet uv
	@PATH="$$PATH:$$PWD/.venv/bin" uv pip compile --quiet --universal --python-version 3.11 \
	    --fork-strategy fewest --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --extra build --extra site --extra test --extra lint --extra serve \
	    --custom-compile-command "make lock" $(ARGS) pyproject.toml --output-file requirements.lock

lock-verify: environment  ## make requirements-verify.lock anew from requirements-verify.in
	@command -v uv >/dev/null 2>&1 || $(PYTHON) -m pip install --quiet uv
	@PATH="$$PATH:$$PWD/.venv/bin" uv pip compile --quiet --universal --python-version 3.11 --no-deps \
	    --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock-verify" requirements-verify.in --output-file requirements-verify.lock

dist: html  ## make a release's packages and data in dist, and try the wheel (TAG=v1.2.3)
	@PYTHON=$(PYTHON) sh tools/release.sh fits "$$TAG" packages data build/html fresh

verify: .venv-verify/ready  ## hold the catalogue against running models (installs PyTorch in .venv-verify)
	@.venv-verify/bin/python -m pytest -q -m verify tests/test_verifier.py tests/test_against_frameworks.py \
	    tests/test_padding_in_frameworks.py tests/test_torch_reader.py tests/test_torch_verdict.py \
	    tests/test_keras_reader.py
	@.venv-verify/bin/python -m rfdocs.verify $(ARGS)
	@.venv-verify/bin/python -m rfdocs.importing
	@.venv-verify/bin/python -m rfdocs.importing --round-trips

clean:  ## remove what was built; .venv stays
	@rm -rf build dist site/networks .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find rfdocs tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@sh tools/environment.sh
	@$(PYTHON) -m compileall -q rfdocs  # once, and not at the start of every command

# It looks into .venv for all but PyTorch and Keras, and leaves it as `make test` finds it at a newcomer's.
.venv-torch/ready: | environment
	@$(PYTHON) -m venv --clear .venv-torch
	@$(PYTHON) -c 'import sysconfig; print("import site; site.addsitedir(%r)" % sysconfig.get_path("purelib"))' \
	    > "$$(.venv-torch/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/beside.pth"
	@.venv-torch/bin/python -m pip install --quiet torch==2.13.0 keras==3.15.1
	@touch $@

# A PyTorch that .venv-verify has already, a CPU build say, stays.
.venv-verify/ready: requirements-verify.lock | environment
	@test -x .venv-verify/bin/python || $(PYTHON) -m venv .venv-verify
	@.venv-verify/bin/python -m pip install torch==2.13.0
	@.venv-verify/bin/python -m pip install --no-deps --require-hashes -r requirements-verify.lock
	@touch $@
