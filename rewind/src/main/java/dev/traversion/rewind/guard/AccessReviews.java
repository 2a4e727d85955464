/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.rewind.access.User;
import java.util.function.LongSupplier;

/** Asks the API server what a user may do today. Answers are remembered for ten seconds. Safe for concurrent use. */
final class AccessReviews {

    private static final String PATH = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    private static final int REMEMBERED = 20_000;

    private final KubernetesApi api;
    private final ShortMemory<Question, Boolean> answers;

    AccessReviews(KubernetesApi api, LongSupplier nanoTime) {
        this.api = api;
        this.answers = new ShortMemory<>(REMEMBERED, nanoTime);
    }

    /** What somebody wants to do. */
    sealed interface Action {}

    /** With a resource; {@code ""} where there is nothing to say, {@code *} for all. */
    record OnResource(String verb, String group, String resource, String subresource, String namespace, String name)
            implements Action {

        OnResource(String verb, String group, String resource, String namespace, String name) {
            this(verb, group, resource, "", namespace, name);
        }

        /** Goes on after {@code User "jane" cannot}, in the API server's words. */
        @Override
        public String toString() {
            String what = subresource.isEmpty() ? resource : resource + "/" + subresource;
            String where = namespace.isEmpty() ? "at the cluster scope" : "in the namespace \"" + namespace + "\"";
            return verb + " resource \"" + what + "\" in API group \"" + group + "\" " + where;
        }
    }

    /** With a path. */
    record OnPath(String verb, String path) implements Action {
        @Override
        public String toString() {
            return verb + " path \"" + path + "\"";
        }
    }

    private record Question(User user, Action action) {}

    /** @throws dev.traversion.rewind.http.StatusFailure 503 if the API server does not say */
    boolean isAllowed(User user, Action action) {
        return answers.get(new Question(user, action), () -> ask(user, action));
    }

    private boolean ask(User user, Action action) {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
        ObjectNode spec = review.putObject("spec").put("user", user.name());
        if (!user.uid().isEmpty()) {
            spec.put("uid", user.uid());
        }
        user.groups().forEach(spec.putArray("groups")::add);
        ObjectNode extra = spec.putObject("extra");
        user.extra().forEach((key, values) -> values.forEach(extra.putArray(key)::add));
        switch (action) {
            case OnResource on ->
                spec.putObject("resourceAttributes")
                        .put("verb", on.verb)
                        .put("group", on.group)
                        .put("resource", on.resource)
                        .put("subresource", on.subresource)
                        .put("namespace", on.namespace)
                        .put("name", on.name);
            case OnPath on ->
                spec.putObject("nonResourceAttributes").put("verb", on.verb).put("path", on.path);
        }
        JsonNode status = api.review(PATH, review);
        return status.path("allowed").asBoolean() && !status.path("denied").asBoolean();
    }
}
