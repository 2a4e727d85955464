/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Layout;
import dev.traversion.archive.Times;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.LandingWriter;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What processes did and who talked to whom is for those who may list the pods. */
@Tag("access")
@UsesControlPlane
class NodeAccessIT {

    private static final String AMBER = "10.9.0.1";
    private static final String VIOLET = "10.9.0.2";

    @TempDir
    private static Path directory;

    @Test
    void nodesTellEachTenantOfTheirOwnPodsOnly(ControlPlane plane) throws Exception {
        try (GuardedPast past = new GuardedPast(plane, directory)) {
            String amber = pod(past, plane, "amber", AMBER);
            String violet = pod(past, plane, "violet", VIOLET);
            String from = Instant.now().toString();
            past.moment();
            land(past, amber, violet);
            String to = past.moment();
            String stretch = "from=" + from + "&to=" + to;

            RawClient client = new RawClient(past.port(), "/console/api/clusters/" + past.cluster());
            String bearer = "Bearer " + past.token("amber");
            JsonNode own = json(client.get("/processes?" + stretch, "Authorization", bearer));
            assertThat(kinds(own.path("events"))).containsExactly("worker-amber exit", "- gap");
            assertThat(own.toString())
                    .doesNotContain("violet", "a secret reason")
                    .contains("the reason is for those who may list nodes");
            assertThat(own.path("hidden").path("namespaces").asInt()).isPositive();
            JsonNode flows = json(client.get("/flows?" + stretch, "Authorization", bearer));
            assertThat(kinds(flows.path("flows")))
                    .as("both ends of what concerns their pod, and nothing between others")
                    .containsExactly("worker-amber connected", "- accepted");
            assertThat(flows.toString()).contains(VIOLET + ":").doesNotContain("violet");
            for (String question : List.of("processes", "flows", "usage")) {
                String kind = question.equals("usage") ? "kind=pod&" : stretch + "&";
                assertThat(client.get("/" + question + "?" + kind + "namespace=violet", "Authorization", bearer))
                        .as(question)
                        .startsWith("403")
                        .doesNotContain("worker-violet");
                assertThat(client.get("/" + question + "?" + kind)).as(question).startsWith("401");
            }
            RawClient catalog = new RawClient(past.port(), "/iceberg/v1/namespaces/" + past.cluster());
            for (String route : List.of("/tables", "/tables/flows", "/tables/versions")) {
                assertThat(catalog.get(route, "Authorization", bearer))
                        .as(route)
                        .startsWith("403")
                        .contains("ForbiddenException")
                        .doesNotContain("metadata-location");
                assertThat(catalog.get(route)).as(route).startsWith("401");
            }
            assertThat(past.reads())
                    .anyMatch(read -> read.user().equals("system:serviceaccount:amber:reader")
                            && read.allowed()
                            && read.namespace().equals("amber")
                            && read.request().contains("/processes?"))
                    .anyMatch(read -> !read.allowed()
                            && read.namespace().equals("violet")
                            && read.request().contains("/flows?"));
        }
    }

    private static String pod(GuardedPast past, ControlPlane plane, String namespace, String address) {
        past.tenant(namespace, namespace);
        plane.kubectl().apply("""
            apiVersion: v1
            kind: Pod
            metadata: {name: worker-%1$s, namespace: %1$s}
            spec: {serviceAccountName: reader, automountServiceAccountToken: false, containers: [{name: main, image: none}]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: pods, namespace: %1$s}
            rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: pods, namespace: %1$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
            subjects: [{kind: ServiceAccount, name: reader, namespace: %1$s}]
            """.formatted(namespace));
        plane.kubectl()
                .output(
                        "patch",
                        "pod",
                        "worker-" + namespace,
                        "-n",
                        namespace,
                        "--subresource=status",
                        "-p",
                        "{\"status\":{\"podIP\":\"" + address + "\",\"podIPs\":[{\"ip\":\"" + address + "\"}]}}");
        return plane.kubectl()
                .output("get", "pod", "worker-" + namespace, "-n", namespace, "-o", "jsonpath={.metadata.uid}");
    }

    private static JsonNode json(String answer) throws Exception {
        assertThat(answer).startsWith("200");
        return new ObjectMapper().readTree(answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
    }

    private static List<String> kinds(JsonNode rows) {
        List<String> kinds = new ArrayList<>();
        rows.forEach(row ->
                kinds.add(row.path("pod").asText("-") + " " + row.path("kind").asText()));
        return kinds;
    }

    /** As an agent does whose boot clock shows UTC. */
    private static void land(GuardedPast past, String amber, String violet) throws Exception {
        Path landing = past.directory().resolve("recording/" + new Layout(past.cluster()).landing());
        long now = Times.nanos(Instant.now());
        try (LandingWriter file = new LandingWriter(landing, new LandingName("node-1", 1, 0))) {
            append(file, LandingTable.CLOCK, Map.of("time", now, "utc", now));
            for (String uid : List.of(amber, violet, "")) {
                append(
                        file,
                        LandingTable.PROCESS_EVENTS,
                        Map.of("time", now + 1, "kind", "exit", "command", "main", "pod_uid", uid));
                append(file, LandingTable.USAGE, Map.of("time", now + 1, "kind", "pod", "pod_uid", uid));
            }
            append(file, LandingTable.FLOWS, flow(now + 2, "connected", amber, AMBER, VIOLET));
            append(file, LandingTable.FLOWS, flow(now + 3, "accepted", violet, VIOLET, AMBER));
            append(file, LandingTable.FLOWS, flow(now + 4, "connected", violet, VIOLET, "10.9.0.3"));
            append(
                    file,
                    LandingTable.GAPS,
                    Map.of("from_time", now + 5, "to_time", now + 6, "kind", "exec", "reason", "a secret reason"));
        }
    }

    private static Map<String, Object> flow(long time, String kind, String uid, String local, String remote) {
        return Map.of("time", time, "kind", kind, "pod_uid", uid, "local_address", local, "remote_address", remote);
    }

    private static void append(LandingWriter file, LandingTable table, Map<String, Object> values) throws Exception {
        RowBlock row = new RowBlock(table);
        values.forEach((column, value) -> {
            if (value instanceof Long number) {
                row.set(table.column(column), number);
            } else {
                row.set(table.column(column), (String) value);
            }
        });
        row.endRow();
        file.append(row);
    }
}
