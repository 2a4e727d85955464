/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import dev.traversion.rewind.access.User;
import dev.traversion.rewind.access.Visitor;
import dev.traversion.rewind.http.Door;
import dev.traversion.rewind.http.Exchange;
import java.time.Clock;
import java.util.function.LongSupplier;

/** The door in the cluster. Safe for concurrent use. */
public final class ClusterDoor implements Door {

    private final Authentication authentication;
    private final Impersonation impersonation;
    private final AccessReviews reviews;
    private final Lifetimes lifetimes;
    private final ReadLog log;

    /** @param api of the cluster of today */
    public ClusterDoor(KubernetesApi api, ReadLog log, Clock clock) {
        LongSupplier nanoTime = System::nanoTime;
        this.authentication = new Authentication(api, new Passes(api, clock, nanoTime), nanoTime);
        this.reviews = new AccessReviews(api, nanoTime);
        this.impersonation = new Impersonation(reviews);
        this.lifetimes = new Lifetimes(api, nanoTime);
        this.log = log;
    }

    @Override
    public Visitor admit(Exchange exchange) {
        User caller = authentication.caller(exchange);
        User user = impersonation.meant(caller, exchange);
        return new ClusterVisitor(
                user, reviews, lifetimes, (read, refusal) -> log.record(caller, user, exchange, read, refusal));
    }
}
