"""Addresses of the Learning Record Store. They have no slash at their end, as the specification says."""

from django.urls import path, re_path

from xapi.resources import unknown
from xapi.views.about import about
from xapi.views.activities import activities
from xapi.views.agents import agents
from xapi.views.documents import activity_profile, agent_profile, state
from xapi.views.statements import statements

app_name = "xapi"
urlpatterns = [
    path("about", about, name="about"),
    path("statements", statements, name="statements"),
    path("activities", activities, name="activities"),
    path("activities/state", state, name="state"),
    path("activities/profile", activity_profile, name="activity_profile"),
    path("agents", agents, name="agents"),
    path("agents/profile", agent_profile, name="agent_profile"),
    re_path("^(?P<rest>.*)$", unknown),
]
