/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.json.GoJson;
import java.util.ArrayList;
import java.util.List;

/** A request that is answered with a Kubernetes Status. Messages, reasons and codes are the API server's wherever it has them. */
public final class StatusFailure extends RuntimeException {

    private final int code;
    private final String reason;
    private final ObjectNode details;

    private StatusFailure(int code, String reason, String message, ObjectNode details) {
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    public static StatusFailure badRequest(String message) {
        return new StatusFailure(400, "BadRequest", message, null);
    }

    public static StatusFailure unauthorized() {
        return new StatusFailure(401, "Unauthorized", "Unauthorized", null);
    }

    /** Not known; the message says why, as the API server never does, to those who cannot have erred about their password. */
    public static StatusFailure unauthorized(String message) {
        return new StatusFailure(401, "Unauthorized", message, null);
    }

    public static StatusFailure forbidden(String message) {
        return new StatusFailure(403, "Forbidden", message, null);
    }

    /**
     * Refused for a resource.
     *
     * @param name {@code ""} for all
     * @param why goes on after "is forbidden: "
     */
    public static StatusFailure forbidden(ResourceType type, String name, String why) {
        String what = name.isEmpty() ? type.toString() : type + " \"" + name + "\"";
        ObjectNode details = details(type, name);
        if (name.isEmpty()) {
            details.remove("name");
        }
        return new StatusFailure(403, "Forbidden", what + " is forbidden: " + why, details);
    }

    /** For now, and not because of what was asked. */
    public static StatusFailure unavailable(String message) {
        return new StatusFailure(503, "ServiceUnavailable", message, null);
    }

    /** No object of this name. */
    public static StatusFailure notFound(ResourceType type, String name) {
        return new StatusFailure(404, "NotFound", type + " \"" + name + "\" not found", details(type, name));
    }

    /** No such resource. */
    public static StatusFailure unknownResource() {
        return new StatusFailure(
                404,
                "NotFound",
                "the server could not find the requested resource",
                JsonNodeFactory.instance.objectNode());
    }

    /** Something of which this server has to say why it is not there. */
    public static StatusFailure notServed(String message) {
        return new StatusFailure(404, "NotFound", message, JsonNodeFactory.instance.objectNode());
    }

    public static StatusFailure methodNotAllowed(String message) {
        return new StatusFailure(405, "MethodNotAllowed", message, JsonNodeFactory.instance.objectNode());
    }

    public static StatusFailure notAcceptable(String message) {
        return new StatusFailure(406, "NotAcceptable", message, null);
    }

    /** A time of which nothing is known. */
    public static StatusFailure outside(String message) {
        return new StatusFailure(410, "Gone", message, null);
    }

    /** A resourceVersion or continue token from before what is known. */
    public static StatusFailure expired(String message) {
        return new StatusFailure(410, "Expired", message, null);
    }

    /**
     * One of several reasons for a failure.
     *
     * @param reason such as FieldValueForbidden
     */
    public record Cause(String reason, String message, String field) {}

    /** Fields of the list options that do not go with the others. */
    public static StatusFailure invalidOptions(List<Cause> causes) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.put("group", "meta.k8s.io").put("kind", "ListOptions");
        ArrayNode list = details.putArray("causes");
        List<String> problems = new ArrayList<>();
        for (Cause cause : causes) {
            list.addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
            problems.add(cause.field() + ": " + cause.message());
        }
        String all = problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]";
        return new StatusFailure(422, "Invalid", "ListOptions.meta.k8s.io \"\" is invalid: " + all, details);
    }

    /** An object of options that makes no sense. */
    public static StatusFailure invalid(String kind, String name, String why) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.put("name", name).put("kind", kind);
        return new StatusFailure(422, "Invalid", kind + " \"" + name + "\" is invalid: " + why, details);
    }

    /** What the API server, too, takes for an error of its own, and gives no reason for. */
    public static StatusFailure unreasoned(String message) {
        return new StatusFailure(500, "", message, null);
    }

    public static StatusFailure internal(String message) {
        return new StatusFailure(500, "InternalError", message, null);
    }

    /** A resourceVersion from the future of the moment. */
    public static StatusFailure tooLargeVersion(String requested, String current) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.putArray("causes")
                .addObject()
                .put("reason", "ResourceVersionTooLarge")
                .put("message", "Too large resource version");
        details.put("retryAfterSeconds", 1);
        return new StatusFailure(
                504, "Timeout", "Timeout: Too large resource version: " + requested + ", current: " + current, details);
    }

    private static ObjectNode details(ResourceType type, String name) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.put("name", name);
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        return details.put("kind", type.resource());
    }

    public int code() {
        return code;
    }

    /** The Status object, compact. */
    public byte[] body() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Failure").put("message", getMessage());
        if (!reason.isEmpty()) {
            status.put("reason", reason);
        }
        if (details != null) {
            status.set("details", details);
        }
        return GoJson.bytes(status.put("code", code));
    }
}
