/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.rewind.json.GoJson;

/** A failure as the console gets it: {@code application/problem+json} with a way on. */
public final class Problem {

    /** Its media type. */
    public static final String CONTENT_TYPE = "application/problem+json";

    private Problem() {}

    /** {@code status, title, detail, next}. */
    public static ObjectNode of(StatusFailure failure) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("status", failure.code())
                .put("title", title(failure.code()))
                .put("detail", failure.getMessage())
                .put("next", next(failure.code()));
    }

    static byte[] body(StatusFailure failure) {
        return GoJson.bytes(of(failure));
    }

    private static String title(int code) {
        return switch (code) {
            case 400 -> "Bad request";
            case 401 -> "Not logged in";
            case 403 -> "Forbidden";
            case 404 -> "Not found";
            case 405 -> "Read-only";
            case 410 -> "Outside of the recording";
            case 503, 504 -> "Not available now";
            default -> "Error";
        };
    }

    private static String next(int code) {
        return switch (code) {
            case 400 -> "Correct the parameter that is named.";
            case 401 -> "Run: kubectl traversion console. This page goes on once you are logged in again.";
            case 403 -> "Choose another namespace or kind, or ask for the permission that is named.";
            case 404 -> "Choose something that is listed.";
            case 405 -> "Change the cluster itself, with kubectl.";
            case 410 -> "Choose a time in the recording.";
            default -> "Try again; if it stays so, look at the log of the server.";
        };
    }
}
