/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.selector.LabelSelector;
import dev.traversion.rewind.selector.SelectorException;

/**
 * The query of a list or a watch, checked as the API server checks it.
 *
 * @param limit 0 for none
 * @param resourceVersion {@code ""} if not given
 * @param continueToken {@code ""} if not given
 * @param timeoutSeconds 0 if not given
 */
record ListOptions(
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

    /** How a resourceVersion is meant. */
    enum Match {
        UNSET,
        EXACT,
        NOT_OLDER_THAN
    }

    static ListOptions of(Exchange exchange, boolean watchPath) {
        boolean watch = watchPath || isTrue(exchange.query("watch"));
        LabelSelector labels;
        try {
            labels = LabelSelector.parse(exchange.query("labelSelector"));
        } catch (SelectorException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
        ListOptions options = new ListOptions(
                labels,
                exchange.query("fieldSelector"),
                Math.max(0, number(exchange.query("limit"))),
                exchange.query("continue"),
                exchange.query("resourceVersion"),
                match(exchange.query("resourceVersionMatch")),
                watch,
                isTrue(exchange.query("sendInitialEvents")),
                isTrue(exchange.query("allowWatchBookmarks")),
                Math.max(0, number(exchange.query("timeoutSeconds"))));
        options.check(!exchange.query("sendInitialEvents").isEmpty());
        return options;
    }

    private void check(boolean initialEventsGiven) {
        if (watch) {
            if (initialEventsGiven && match != Match.NOT_OLDER_THAN) {
                throw forbidden(
                        "resourceVersionMatch",
                        "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
            }
            if (!initialEventsGiven && match != Match.UNSET) {
                throw forbidden(
                        "resourceVersionMatch",
                        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            }
        } else {
            if (initialEventsGiven) {
                throw forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
            }
            if (match != Match.UNSET && resourceVersion.isEmpty()) {
                throw forbidden(
                        "resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
            }
            if (match == Match.EXACT && resourceVersion.equals("0")) {
                throw forbidden(
                        "resourceVersionMatch",
                        "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
            if (match != Match.UNSET && !continueToken.isEmpty()) {
                throw forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
            }
            if (!resourceVersion.isEmpty() && !resourceVersion.equals("0") && !continueToken.isEmpty()) {
                throw StatusFailure.badRequest("specifying resource version is not allowed when using continue");
            }
        }
    }

    private static StatusFailure forbidden(String field, String problem) {
        return StatusFailure.invalidOption(field, "FieldValueForbidden", "Forbidden: " + problem);
    }

    private static Match match(String text) {
        return switch (text) {
            case "" -> Match.UNSET;
            case "Exact" -> Match.EXACT;
            case "NotOlderThan" -> Match.NOT_OLDER_THAN;
            default ->
                throw StatusFailure.invalidOption(
                        "resourceVersionMatch",
                        "FieldValueNotSupported",
                        "Unsupported value: \"" + text + "\": supported values: \"Exact\", \"NotOlderThan\", \"\"");
        };
    }

    private static long number(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw StatusFailure.badRequest("strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
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
