/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.reads;

import java.time.Instant;
import java.util.List;

/**
 * One read, or one that was refused.
 *
 * @param time when, RFC 3339
 * @param user as whom
 * @param groups of that user
 * @param caller who logged in; the user, unless they impersonated one
 * @param verb get, list or watch
 * @param resource such as {@code deployments.apps}; {@code ""} for documents such as discovery
 * @param subresource {@code ""} for none
 * @param namespace {@code ""} for all, and for what is in none
 * @param name {@code ""} for all
 * @param from the moment that was read, RFC 3339
 * @param to the end of the stretch; the same for a moment
 * @param request path and query
 * @param allowed whether it was
 * @param reason why it was not; {@code ""} if it was
 * @param address where the request came from
 * @param agent the program, as it calls itself
 */
public record ReadRecord(
        String time,
        String user,
        List<String> groups,
        String caller,
        String verb,
        String resource,
        String subresource,
        String namespace,
        String name,
        String from,
        String to,
        String request,
        boolean allowed,
        String reason,
        String address,
        String agent) {

    /**
     * Whether it is what somebody looks for.
     *
     * @param since inclusive
     * @param until exclusive
     * @param who {@code ""} for all; else also what they read as somebody else
     * @param what a resource; {@code ""} for all
     */
    public boolean isOf(Instant since, Instant until, String who, String what) {
        Instant at = Instant.parse(time);
        return !at.isBefore(since)
                && at.isBefore(until)
                && (who.isEmpty() || user.equals(who) || caller.equals(who))
                && (what.isEmpty() || resource.equals(what));
    }
}
