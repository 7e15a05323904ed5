{% load static %}// Keeps the pages of classes and what they are made of, so that attendance can be taken without signal.
const PAGES = "classes-pages";
const ASSETS = "classes-assets-{% static 'site.css' %}-{% static 'classes.js' %}";
const KEEP = ["{% static 'site.css' %}", "{% static 'classes.js' %}", "{% static 'sign-out.js' %}", "{% static 'screen.js' %}", "{% static 'icon.svg' %}", "{% static 'weave.svg' %}", "{% static 'fonts/be-vietnam-pro-bold.woff2' %}"];
{% include "lms/classes/worker_body.js" %}
