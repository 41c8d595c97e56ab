from __future__ import annotations

from django.urls import path

from parley.web.channels import channel, channels, deliveries, files, linking, listings

app_name = "channels"
urlpatterns = [
    path("", channels.channels, name="channels"),
    path("new/", channels.kinds, name="kinds"),
    path("new/<slug:kind>/", channels.new, name="new"),
    path("<int:channel>/", channel.channel, name="channel"),
    path("<int:channel>/change/", channel.change, name="change"),
    path("<int:channel>/switch/", channel.switching, name="switching"),
    path("<int:channel>/listings/", listings.listings, name="listings"),
    path("<int:channel>/listings/new/", listings.listing, name="listing"),
    path("<int:channel>/listings/products/", listings.products, name="listing_products"),
    path("<int:channel>/files/", files.upload, name="upload"),
    path("deliveries/<int:delivery>/", deliveries.delivery, name="delivery"),
    path("deliveries/<int:delivery>/raw/", deliveries.raw, name="raw"),
    path("deliveries/<int:delivery>/again/", deliveries.again, name="again"),
    path("files/<int:file>/", files.file, name="file"),
    path("files/<int:file>/columns/", files.columns, name="columns"),
    path("files/<int:file>/start/", files.start, name="start"),
    path("files/<int:file>/download/", files.download, name="file_download"),
    path("files/<int:file>/report/", files.report, name="report"),
    path("listings/<int:listing>/removal/", listings.removal, name="listing_removal"),
    path("lines/<int:line>/products/", linking.products, name="line_products"),
    path("lines/<int:line>/link/", linking.link, name="link"),
    path("orders/<int:order>/dismissal/", linking.dismissal, name="dismissal"),
]
