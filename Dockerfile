# syntax=docker/dockerfile:1
# dblint as an image: without a shell's help, as nobody, with the project read-only at /src.
#
#   docker run --rm --network none --read-only --volume "$PWD:/src:ro" dblint
#
# Pin the base by digest where you build it: --build-arg BASE=python:3.13-slim@sha256:...
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY dblint ./dblint
COPY rules ./rules
RUN python -m venv /opt/dblint \
    && /opt/dblint/bin/pip install --no-cache-dir --disable-pip-version-check . \
    && /opt/dblint/bin/pip uninstall --yes pip

FROM ${BASE}
COPY --from=build /opt/dblint /opt/dblint
ENV PATH=/opt/dblint/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER 65534:65534
WORKDIR /src
ENTRYPOINT ["dblint"]
CMD ["scan"]
