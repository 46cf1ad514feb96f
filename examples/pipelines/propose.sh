#!/bin/sh
# Proposes what `jobs` wrote into a stack file as a pull request on a branch of its own; does nothing where it wrote nothing.
# The same result again is the same branch and the same commit's content, so a second run proposes nothing new.
#
#   propose.sh MODEL STACK      FORGE=gh (GitHub, unless given) or az (Azure Repos)
set -eu
model=$1 stack=$2
file=environments/Pulumi.$stack.yaml

if git diff --quiet -- "$file"; then
    echo "$file: nothing new"
    exit 0
fi
branch=tuned/$stack/$model-$(git hash-object "$file" | cut -c1-8)
if git ls-remote --exit-code --heads origin "$branch" >/dev/null; then
    echo "$branch: proposed already"
    exit 0
fi
git switch --quiet --create "$branch"
git -c user.name=tuned-models -c user.email=tuned-models@localhost commit --quiet --message "$model: a new candidate on $stack" -- "$file"
git push --quiet origin "$branch"
title="$model: a new candidate on $stack"
if [ "${FORGE:-gh}" = az ]; then
    az repos pr create --source-branch "$branch" --title "$title" --description "$(git show --format= HEAD)"
else
    gh pr create --head "$branch" --title "$title" --body "$(git show --format= HEAD)"
fi
