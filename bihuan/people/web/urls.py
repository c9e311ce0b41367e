"""Addresses of staff pages; state changes are things one creates."""

from django.urls import path

from bihuan.people.web import key_views, people_views, person_views, roster_views, team_views

app_name = "people"

urlpatterns = [
    path("", people_views.people, name="people"),
    path("new/", people_views.hire, name="hire"),
    path("teams/", team_views.teams, name="teams"),
    path("keys/", key_views.keys, name="keys"),
    path("keys/<int:key_id>/settlement/", key_views.settlement, name="settlement"),
    path("rosters/", roster_views.rosters, name="rosters"),
    path("rosters/<uuid:upload_id>/", roster_views.roster, name="roster"),
    path("rosters/<uuid:upload_id>/landing/", roster_views.landing, name="landing"),
    path("<str:number>/", person_views.person, name="person"),
    path("<str:number>/memberships/", person_views.memberships, name="memberships"),
    path("<str:number>/posts/", person_views.posts, name="posts"),
    path("<str:number>/promotions/", person_views.promotions, name="promotions"),
    path("<str:number>/classes/", person_views.classes, name="classes"),
    path("<str:number>/leaderships/", person_views.leaderships, name="leaderships"),
    path(
        "<str:number>/leaderships/<int:leadership_id>/ending/", person_views.leadership_ending, name="leadership_ending"
    ),
    path("<str:number>/grants/", person_views.grants, name="grants"),
    path("<str:number>/grants/<int:grant_id>/ending/", person_views.grant_ending, name="grant_ending"),
    path("<str:number>/keys/<int:key_id>/ending/", person_views.key_ending, name="key_ending"),
    path("<str:number>/departure/", person_views.departure, name="departure"),
    path("<str:number>/password/", person_views.password, name="password"),
]
