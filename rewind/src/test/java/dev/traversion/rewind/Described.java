/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares answers with the OpenAPI document: types, what has to be there, and that nothing else is. */
final class Described {

    private final JsonNode document;

    Described(String document) throws IOException {
        this.document = new ObjectMapper().readTree(document);
    }

    /** What is wrong with an answer of an endpoint. */
    List<String> check(String endpoint, JsonNode answer) {
        JsonNode schema = document.path("paths")
                .path("/console/api/clusters/{cluster}/" + endpoint)
                .path("get")
                .path("responses")
                .path("200")
                .path("content")
                .path("application/json")
                .path("schema");
        List<String> problems = new ArrayList<>();
        if (schema.isMissingNode()) {
            problems.add(endpoint + " is not described");
        }
        check(endpoint, schema, answer, problems);
        return problems;
    }

    private void check(String at, JsonNode given, JsonNode value, List<String> problems) {
        JsonNode schema = given;
        if (schema.has("$ref")) {
            String name = schema.path("$ref").asText().replaceFirst(".*/", "");
            schema = document.path("components").path("schemas").path(name);
        }
        if (schema.has("oneOf")) {
            if (!value.isNull()) {
                check(at, schema.path("oneOf").path(0), value, problems);
            }
            return;
        }
        boolean fits =
                switch (schema.path("type").asText()) {
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    case "string" -> value.isTextual();
                    case "integer" -> value.isIntegralNumber();
                    case "number" -> value.isNumber();
                    case "boolean" -> value.isBoolean();
                    default -> true;
                };
        if (!fits) {
            problems.add(at + " is no " + schema.path("type").asText() + " but " + value);
            return;
        }
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.asText())) {
                problems.add(at + " lacks " + required.asText());
            }
        }
        if (schema.has("enum") && !schema.path("enum").toString().contains(value.toString())) {
            problems.add(at + " is " + value);
        }
        if (schema.has("properties")) {
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                JsonNode property = schema.path("properties").get(member.getKey());
                if (property == null) {
                    problems.add(at + "." + member.getKey() + " is not described");
                } else {
                    check(at + "." + member.getKey(), property, member.getValue(), problems);
                }
            }
        }
        for (JsonNode element : value.isArray() ? value : List.<JsonNode>of()) {
            check(at + "[]", schema.path("items"), element, problems);
        }
    }
}
