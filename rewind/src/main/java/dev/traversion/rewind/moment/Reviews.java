/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.moment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.json.GoJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/** Answers what clients ask about themselves: who they are and what they may do here, which is to read. */
final class Reviews {

    private static final Set<String> REVIEWS = Set.of(
            "authorization.k8s.io/selfsubjectaccessreviews",
            "authorization.k8s.io/selfsubjectrulesreviews",
            "authentication.k8s.io/selfsubjectreviews");
    private static final Set<String> READING = Set.of("get", "list", "watch");

    private Reviews() {}

    /** Answers if the path is that of such a review. */
    static boolean answer(Exchange exchange, View view, List<String> path) throws IOException {
        if (path.size() != 4 || !path.getFirst().equals("apis")) {
            return false;
        }
        String apiVersion = path.get(1) + "/" + path.get(2);
        if (REVIEWS.contains(path.get(1) + "/" + path.get(3))) {
            exchange.permit(new Read.Own("/" + String.join("/", path)));
        }
        switch (path.get(1) + "/" + path.get(3)) {
            case "authorization.k8s.io/selfsubjectaccessreviews" -> access(exchange, view, apiVersion);
            case "authorization.k8s.io/selfsubjectrulesreviews" -> rules(exchange, apiVersion);
            case "authentication.k8s.io/selfsubjectreviews" -> {
                ObjectNode review = review("SelfSubjectReview", apiVersion);
                String name = exchange.visitor().name();
                review.putObject("status")
                        .putObject("userInfo")
                        .put("username", name.isEmpty() ? "traversion:reader" : name);
                exchange.sendJson(201, GoJson.bytes(review));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static ObjectNode review(String kind, String apiVersion) {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("kind", kind).put("apiVersion", apiVersion).putObject("metadata");
        return review;
    }

    private static void access(Exchange exchange, View view, String apiVersion) throws IOException {
        ObjectNode review = review("SelfSubjectAccessReview", apiVersion);
        JsonNode spec = spec(exchange.requestBody());
        review.set("spec", spec);
        JsonNode resource = spec.path("resourceAttributes");
        String verb = resource.isMissingNode()
                ? spec.path("nonResourceAttributes").path("verb").asText()
                : resource.path("verb").asText();
        String subresource = resource.path("subresource").asText("");
        boolean isLog = verb.equals("get")
                && subresource.equals("log")
                && resource.path("resource").asText().equals("pods");
        boolean isReading = isLog || (READING.contains(verb) && subresource.isEmpty());
        boolean allowed =
                isReading && (resource.isMissingNode() || exchange.visitor().mayRead(read(view, verb, resource)));
        ObjectNode status = review.putObject("status").put("allowed", allowed);
        if (!allowed) {
            status.put("reason", isReading ? "you may not read it today" : "a recording can only be read");
        }
        exchange.sendJson(201, GoJson.bytes(review));
    }

    private static Read.Objects read(View view, String verb, JsonNode resource) {
        return new Read.Objects(
                view.past(),
                verb,
                new ResourceType(
                        resource.path("group").asText(),
                        resource.path("resource").asText()),
                "",
                resource.path("namespace").asText(),
                resource.path("name").asText());
    }

    /** The spec of a SelfSubjectAccessReview, which kubectl sends as protobuf. */
    private static JsonNode spec(byte[] body) {
        try {
            if (!ProtobufFields.isEnvelope(body)) {
                return GoJson.read(body).path("spec");
            }
            ProtobufFields message = ProtobufFields.ofEnvelope(body).message(2);
            ObjectNode spec = JsonNodeFactory.instance.objectNode();
            if (message.has(1)) {
                List<String> names =
                        List.of("namespace", "verb", "group", "version", "resource", "subresource", "name");
                copy(message.message(1), names, spec.putObject("resourceAttributes"));
            }
            if (message.has(2)) {
                copy(message.message(2), List.of("path", "verb"), spec.putObject("nonResourceAttributes"));
            }
            return spec;
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw StatusFailure.badRequest("the review can be read neither as JSON nor as protobuf");
        }
    }

    /** @param names of the fields, the first of which has number 1 */
    private static void copy(ProtobufFields message, List<String> names, ObjectNode target) {
        for (int i = 0; i < names.size(); i++) {
            String value = message.text(i + 1);
            if (!value.isEmpty()) {
                target.put(names.get(i), value);
            }
        }
    }

    private static void rules(Exchange exchange, String apiVersion) throws IOException {
        ObjectNode review = review("SelfSubjectRulesReview", apiVersion);
        review.putObject("spec");
        ObjectNode status = review.putObject("status");
        if (!exchange.visitor().name().isEmpty()) {
            status.putArray("resourceRules");
            status.putArray("nonResourceRules");
            status.put("incomplete", true)
                    .put("evaluationError", "ask the cluster itself: its rules of today are those here");
            exchange.sendJson(201, GoJson.bytes(review));
            return;
        }
        ArrayNode any = JsonNodeFactory.instance.arrayNode().add("*");
        ObjectNode resources = status.putArray("resourceRules").addObject();
        resources.putArray("verbs").add("get").add("list").add("watch");
        resources.set("apiGroups", any);
        resources.set("resources", any);
        ObjectNode paths = status.putArray("nonResourceRules").addObject();
        paths.putArray("verbs").add("get");
        paths.set("nonResourceURLs", any);
        status.put("incomplete", false);
        exchange.sendJson(201, GoJson.bytes(review));
    }
}
