/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.access.Reach;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.access.User;
import dev.traversion.rewind.access.Visitor;
import dev.traversion.rewind.guard.AccessReviews.OnPath;
import dev.traversion.rewind.guard.AccessReviews.OnResource;
import dev.traversion.rewind.http.StatusFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Somebody with their permissions of today. */
final class ClusterVisitor implements Visitor {

    /** What of the past is beyond the permissions in a namespace. */
    private static final ResourceType MOMENTS = new ResourceType("traversion.dev", "moments");

    /** What is told of the recording itself: who read what, what is kept, whether it is what was written. A permission of its own each. */
    private static final Set<ResourceType> OF_ITSELF = Stream.of("reads", "pins", "checks")
            .map(resource -> new ResourceType("traversion.dev", resource))
            .collect(Collectors.toUnmodifiableSet());

    private static final String ALL = "*";

    /** Secrets of the past are masked, but say which there were, and when they changed. */
    private static final Set<String> SECRETS = Set.of("secrets", ALL);

    private static final String SECRETS_VERB = "rewind";

    private final User user;
    private final AccessReviews reviews;
    private final Lifetimes lifetimes;
    private final Records records;
    private final List<Read> permitted = new ArrayList<>();

    /** Where the visitor's reads go on record. */
    @FunctionalInterface
    interface Records {
        void add(Read read, String refusal);
    }

    ClusterVisitor(User user, AccessReviews reviews, Lifetimes lifetimes, Records records) {
        this.user = user;
        this.reviews = reviews;
        this.lifetimes = lifetimes;
        this.records = records;
    }

    @Override
    public String name() {
        return user.name();
    }

    @Override
    public Reach permit(Read read) {
        Reach reach;
        try {
            reach = decide(read);
        } catch (StatusFailure refusal) {
            if (refusal.code() == 403) {
                records.add(read, refusal.getMessage());
            }
            throw refusal;
        }
        records.add(read, "");
        permitted.add(read);
        return reach;
    }

    @Override
    public boolean mayRead(Read.Objects read) {
        return isReviewed(read, read.verb());
    }

    @Override
    public boolean isStillPermitted() {
        try {
            permitted.forEach(this::decide);
            return true;
        } catch (StatusFailure e) {
            return false;
        }
    }

    private Reach decide(Read read) {
        return switch (read) {
            case Read.Own _ -> Reach.EVERYTHING;
            case Read.Document document -> {
                OnPath action = new OnPath("get", document.path());
                if (!reviews.isAllowed(user, action)) {
                    throw StatusFailure.forbidden("forbidden: User \"" + user.name() + "\" cannot " + action);
                }
                yield Reach.EVERYTHING;
            }
            case Read.Objects objects -> decide(objects);
        };
    }

    private Reach decide(Read.Objects read) {
        if (!isReviewed(read, read.verb())) {
            throw forbidden(read, action(read, read.verb()), "");
        }
        if (OF_ITSELF.contains(read.type())) {
            return Reach.EVERYTHING;
        }
        boolean isSecrets = SECRETS.contains(read.type().resource())
                && (read.type().group().isEmpty() || read.type().group().equals(ALL));
        OnResource secrets = new OnResource(SECRETS_VERB, "", "secrets", read.scope(), read.name());
        if (isSecrets && !reviews.isAllowed(user, secrets)) {
            throw forbidden(read, secrets, ": Secrets of the past need a verb of their own");
        }
        if (read.scope().isEmpty()) {
            requireMoments(read, ": reads across namespaces go beyond what one of today's namespaces holds");
            return Reach.EVERYTHING;
        }
        Optional<Reach> reach = lifetimes.reach(read.past(), read.scope());
        if (reach.isEmpty()) {
            requireMoments(
                    read,
                    ": there was no namespace \"" + read.scope() + "\" then, or it was another than today's, and"
                            + " permissions in today's do not reach it");
        }
        return reach.orElse(Reach.EVERYTHING);
    }

    private void requireMoments(Read.Objects read, String why) {
        OnResource moments = new OnResource(read.verb(), MOMENTS.group(), MOMENTS.resource(), "", "");
        if (!reviews.isAllowed(user, moments)) {
            throw forbidden(read, moments, why);
        }
    }

    private boolean isReviewed(Read.Objects read, String verb) {
        return reviews.isAllowed(user, action(read, verb));
    }

    private static OnResource action(Read.Objects read, String verb) {
        return new OnResource(
                verb, read.type().group(), read.type().resource(), read.subresource(), read.scope(), read.name());
    }

    private StatusFailure forbidden(Read.Objects read, OnResource action, String why) {
        return StatusFailure.forbidden(read.type(), read.name(), "User \"" + user.name() + "\" cannot " + action + why);
    }
}
