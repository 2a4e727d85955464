/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

/**
 * In which form a client wants resources.
 *
 * @param shape what becomes of the objects
 * @param yaml YAML rather than JSON
 * @param pretty indented JSON
 */
public record Representation(Shape shape, boolean yaml, boolean pretty) {

    /** What becomes of the objects asked for. */
    public enum Shape {
        OBJECTS,
        TABLE,
        METADATA,
        METADATA_LIST
    }

    private static final String GROUP = "meta.k8s.io";

    /**
     * The first form in the Accept header which can be served. Clauses that cannot - protobuf, CBOR - are passed over.
     *
     * @throws StatusFailure 406 if there is none
     */
    static Representation negotiate(String accept, String pretty, String userAgent) {
        return negotiate(accept, pretty, userAgent, true);
    }

    /** @param shapes whether objects can be had as something else than they are; a Status cannot */
    static Representation negotiate(String accept, String pretty, String userAgent, boolean shapes) {
        boolean indented = isPretty(pretty, userAgent);
        for (MediaType clause : MediaType.accepted(accept)) {
            boolean json = clause.includes("application/json");
            if (!json && !clause.includes("application/yaml")) {
                continue;
            }
            Shape shape = shape(clause);
            if (shape != null && (shapes || shape == Shape.OBJECTS)) {
                boolean asked =
                        indented || clause.parameter("pretty").equals("1") || isTrue(clause.parameter("pretty"));
                return new Representation(shape, !json, asked);
            }
        }
        throw StatusFailure.notAcceptable(
                "only the following media types are accepted: application/json, application/yaml");
    }

    /** Whether JSON is to be indented: as the query says, else for the clients of people, as the API server does. */
    static boolean isPretty(String query, String userAgent) {
        return query.isEmpty() ? isForPeople(userAgent) : isTrue(query);
    }

    private static Shape shape(MediaType clause) {
        String as = clause.parameter("as");
        if (as.isEmpty()) {
            return Shape.OBJECTS;
        }
        if (!clause.parameter("g").equals(GROUP) || !clause.parameter("v").equals("v1")) {
            return null;
        }
        return switch (as) {
            case "Table" -> Shape.TABLE;
            case "PartialObjectMetadata" -> Shape.METADATA;
            case "PartialObjectMetadataList" -> Shape.METADATA_LIST;
            default -> null;
        };
    }

    private static boolean isTrue(String value) {
        return value.equals("true") || value.equals("1");
    }

    private static boolean isForPeople(String userAgent) {
        return userAgent != null
                && (userAgent.startsWith("curl")
                        || userAgent.startsWith("Wget")
                        || userAgent.startsWith("Mozilla/5.0"));
    }

    public String contentType() {
        return yaml ? "application/yaml" : "application/json";
    }
}
