"""Addresses under /library/."""

from django.urls import path

from library.views import authorities, collections, files, lists, records, sitemaps

app_name = "library"
urlpatterns = [
    path("", collections.index, name="index"),
    path("collections/<slug:slug>/", collections.collection, name="collection"),
    path("authorities/", authorities.index, name="authorities"),
    path("records/<int:pk>/", records.record, name="record"),
    path("records/<int:pk>/marc/", records.marc, name="marc"),
    path("records/<int:pk>/keep/", lists.add, name="keep"),
    path("records/<int:pk>.<str:form>", records.record_as, name="record_as"),
    path("files/<int:pk>/", files.file, name="file"),
    path("lists/", lists.index, name="lists"),
    path("lists/<int:pk>/", lists.reading_list, name="reading_list"),
    path("lists/<int:pk>/change/", lists.change, name="change_list"),
    path("lists/<int:pk>.<str:form>", lists.exported, name="list_as"),
    path("lists/s/<str:code>/", lists.shared, name="shared_list"),
    path("lists/s/<str:code>.<str:form>", lists.exported, name="shared_list_as"),
    path("sitemap-<int:number>.xml", sitemaps.part, name="sitemap"),
]
