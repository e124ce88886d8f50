"""The product's settings with the streams and pages of the two files beside this one."""

from tests.settings import *

STREAM_URLCONF = "tests.platform.stream_urls"
ROOT_URLCONF = "tests.platform.page_urls"

LARGEST_REQUEST = 64 * 1024 * 1024
REQUEST_PATIENCE = 1
