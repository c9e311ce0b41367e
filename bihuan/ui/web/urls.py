from django.urls import path

from bihuan.ui.web import views

app_name = "ui"

urlpatterns = [path("", views.gallery, name="gallery")]
