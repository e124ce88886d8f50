# The product as an image; compose.yaml runs it as web server, worker and scheduler.
FROM python:3.12-slim

# Metrics are counted in memory: they need not outlive the container.
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PRIVEXBOT_DATA_DIR=/data \
    STATIC_ROOT=/app/staticfiles \
    PROMETHEUS_MULTIPROC_DIR=/dev/shm

WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt
COPY . .
RUN useradd --system --uid 10001 privexbot \
    && mkdir -p /data \
    && python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /data/* \
    && chown -R privexbot /data
USER privexbot
VOLUME /data
EXPOSE 8000
CMD ["uvicorn", "privexbot.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--no-proxy-headers", "--no-server-header", "--no-access-log", \
     "--timeout-graceful-shutdown", "10", "--http", "privexbot.http_protocol:HttpProtocol"]
