#!/bin/sh
# Run once by the postgres image on an empty data directory: a database and a role for each service, which sees no other.
set -eu
for service in users orders products notifications registry; do
  variable="$(echo "$service" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD"
  password="$(printenv "$variable")"
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set service="$service" --set password="$password" <<'SQL'
create role :"service" login password :'password';
create database :"service" owner :"service";
revoke connect on database :"service" from public;
SQL
done
