/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import dev.traversion.archive.ResourceVersions;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.selector.LabelSelector;
import dev.traversion.rewind.selector.SelectorException;
import java.util.Optional;

/**
 * The query of a list or a watch, checked as the API server checks it.
 *
 * @param limit 0 for none
 * @param resourceVersion {@code ""} if not given
 * @param continueToken {@code ""} if not given
 * @param timeoutSeconds 0 if not given
 */
public record ListOptions(
        LabelSelector labels,
        String fieldSelector,
        long limit,
        String continueToken,
        String resourceVersion,
        Match match,
        boolean watch,
        boolean sendInitialEvents,
        boolean bookmarks,
        long timeoutSeconds) {

    private static final String GREATEST = Long.toUnsignedString(-1);
    private static final String MATCH = "resourceVersionMatch";

    /** How a resourceVersion is meant. */
    enum Match {
        UNSET,
        EXACT,
        NOT_OLDER_THAN
    }

    public static ListOptions of(Exchange exchange, boolean watchPath) {
        boolean watch = watchPath || isTrue(exchange.query("watch"));
        LabelSelector labels;
        try {
            labels = LabelSelector.parse(exchange.query("labelSelector"));
        } catch (SelectorException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
        boolean initialEventsGiven = !exchange.query("sendInitialEvents").isEmpty();
        Match match = check(exchange, watch, initialEventsGiven);
        return new ListOptions(
                labels,
                exchange.query("fieldSelector"),
                Math.max(0, number(exchange.query("limit"))),
                exchange.query("continue"),
                exchange.query("resourceVersion"),
                match,
                watch,
                isTrue(exchange.query("sendInitialEvents")),
                isTrue(exchange.query("allowWatchBookmarks")),
                Math.max(0, number(exchange.query("timeoutSeconds"))));
    }

    /** How the version is meant, if it goes with the other options. */
    private static Match check(Exchange exchange, boolean watch, boolean initialEventsGiven) {
        String match = exchange.query("resourceVersionMatch");
        String version = exchange.query("resourceVersion");
        boolean isExact = match.equals("Exact");
        boolean isNotOlder = match.equals("NotOlderThan");
        InvalidOptions invalid = new InvalidOptions();
        if (watch && initialEventsGiven && !isNotOlder) {
            invalid.forbidden(MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (!match.isEmpty()) {
            if (watch && !initialEventsGiven) {
                invalid.forbidden(
                        MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            }
            if (!watch && version.isEmpty()) {
                invalid.forbidden(MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided");
            }
            if (!watch && !exchange.query("continue").isEmpty()) {
                invalid.forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided");
            }
            if (!isNotOlder && (watch || !isExact)) {
                String supported = watch ? "\"NotOlderThan\"" : "\"Exact\", \"NotOlderThan\", \"\"";
                invalid.unsupported(MATCH, match, supported);
            }
            if (watch && !exchange.query("continue").isEmpty()) {
                invalid.forbidden(MATCH, "resourceVersionMatch is forbidden when continue is provided");
            }
            if (!watch && isExact && version.equals("0")) {
                invalid.forbidden(MATCH, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }
        if (!watch && initialEventsGiven) {
            invalid.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
        invalid.check();
        return isExact ? Match.EXACT : isNotOlder ? Match.NOT_OLDER_THAN : Match.UNSET;
    }

    private static long number(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw StatusFailure.badRequest("strconv.ParseInt: parsing \"" + text + "\": "
                    + (text.matches("[+-]?\\d+") ? "value out of range" : "invalid syntax"));
        }
    }

    /** What is wrong with a resourceVersion; empty if it is one. */
    static Optional<String> checkVersion(String version) {
        boolean isNumber = ResourceVersions.isNumeric(version);
        if (isNumber && ResourceVersions.compare(version, GREATEST) <= 0) {
            return Optional.empty();
        }
        return Optional.of("resourceVersion: Invalid value: \"" + version + "\": strconv.ParseUint: parsing \""
                + version + "\": " + (isNumber ? "value out of range" : "invalid syntax"));
    }

    private static boolean isTrue(String text) {
        return !text.isEmpty() && !text.equals("false") && !text.equals("0");
    }

    /** Whether any version will do that is not older: the newest is served then. */
    boolean isAnyVersion() {
        return resourceVersion.isEmpty() || resourceVersion.equals("0");
    }

    /** Whether the state at exactly that version is asked for; with a limit that is what the API server takes it for. */
    boolean isExactVersion() {
        return !isAnyVersion() && (match == Match.EXACT || (match == Match.UNSET && limit > 0));
    }
}
