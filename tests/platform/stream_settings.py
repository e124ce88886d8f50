"""The product's settings with the streams of ``stream_urls`` beside this file."""

from tests.settings import *

ROOT_URLCONF = STREAM_URLCONF = "tests.platform.stream_urls"
