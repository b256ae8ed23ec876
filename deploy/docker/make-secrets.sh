#!/bin/sh
# Makes what is missing of the secrets that docker-compose.yml mounts; what is there stays. Needs no more than a shell.
#   deploy/docker/make-secrets.sh [folder]
set -eu
umask 077
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"

# $1 random bytes, in the letters that a URL leaves as they are
token() { head -c "$1" /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }

# Compose mounts a file with the rights it has, and the services are no root: the folder keeps others of this machine out.
keep() {
  [ -s "$folder/$1" ] && return
  printf '%s\n' "$2" > "$folder/$1.new"
  chmod 444 "$folder/$1.new"
  mv -f "$folder/$1.new" "$folder/$1"
  echo "made $folder/$1"
}

keep POSTGRES_PASSWORD "$(token 24)"
keep BANSO_MASTER_KEY "$(head -c 32 /dev/urandom | base64)"
for service in ingestion accounts health journeys playbooks; do
  name=$(echo "$service" | tr '[:lower:]' '[:upper:]')
  keep "BANSO_SERVICE_TOKEN_$name" "$(token 24)"
  keep "${name}_DATABASE_URL" "postgres://banso_$service:$(token 24)@postgres:5432/banso_$service"
done
