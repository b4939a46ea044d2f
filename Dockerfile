# There is no Chromium in it (the extra "render"): pages are read as they are sent, and no script of theirs is run.
#
# Two stages: build with uv, run without it. The RUN lines of the first stage are also run, as a script, by a test
# (tests/e2e/test_dockerfile.py), since an image is built in few places where the tests run.

FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY scraper ./scraper
COPY storage ./storage
COPY config ./config
COPY presswatch ./presswatch
RUN python -m venv /opt/uv
RUN /opt/uv/bin/pip install --no-cache-dir "uv>=0.9,<1"
RUN UV_PROJECT_ENVIRONMENT=/opt/presswatch /opt/uv/bin/uv sync --locked --no-dev --extra postgres --extra apprise --no-editable --compile-bytecode

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --no-create-home presswatch && install -d -o presswatch /data
COPY --from=build /opt/presswatch /opt/presswatch
ENV PATH=/opt/presswatch/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PRESSWATCH_DATABASE=sqlite:////data/presswatch.db
USER presswatch
WORKDIR /data
VOLUME /data
EXPOSE 8420
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8420/health', timeout=4)"]
# Beyond loopback, as here, it starts once there is a password: docker run … presswatch password. See docs/access.md.
# The port is published by whoever runs the container, to loopback unless told otherwise: see compose.yaml.
ENTRYPOINT ["presswatch"]
CMD ["run", "--host", "0.0.0.0"]
