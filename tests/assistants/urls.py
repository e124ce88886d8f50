"""The product's addresses, and those of parrots."""

from django.urls import include, path

from assistants.kind_urls import pages_of
from privexbot import urls as product

handler500 = product.handler500

urlpatterns = [path("", include((pages_of("parrots"), "parrots"))), *product.urlpatterns]
