/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.moment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.access.Reach;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.discovery.Discovery;
import dev.traversion.rewind.discovery.Documents;
import dev.traversion.rewind.discovery.ServedResource;
import dev.traversion.rewind.http.ApiHandler;
import dev.traversion.rewind.http.ApiPath;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.logs.LogHandler;
import dev.traversion.rewind.metrics.UsageApi;
import dev.traversion.rewind.resource.ResourceHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Answers the paths of a Kubernetes API server for one cluster at one moment. */
public final class MomentApi {

    private static final Set<String> HEALTH = Set.of("healthz", "livez", "readyz");

    private final View view;

    public MomentApi(View view) {
        this.view = view;
    }

    /** @param path the segments below the root of the moment */
    public void handle(Exchange exchange, List<String> path) throws IOException {
        String root = path.isEmpty() ? "" : path.getFirst();
        if (exchange.method().equals("POST") && Reviews.answer(exchange, view, path)) {
            return;
        }
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            throw StatusFailure.methodNotAllowed(refusal(exchange.method()));
        }
        boolean isOfApi = root.equals("api") || root.equals("apis");
        if (!isOfApi || ApiPath.parse(path).isEmpty()) {
            exchange.permit(new Read.Document(view.past(), "/" + String.join("/", path)));
        }
        if (HEALTH.contains(root)) {
            exchange.send(200, "text/plain; charset=utf-8", "ok".getBytes(StandardCharsets.UTF_8));
        } else if (root.equals("version") && path.size() == 1) {
            document(exchange, "version");
        } else if (root.equals("openapi") && path.size() >= 2) {
            openApi(exchange, path);
        } else if (isOfApi) {
            api(exchange, path);
        } else {
            pageNotFound(exchange);
        }
    }

    private String refusal(String method) {
        return view.moving()
                ? "this is a recording of the cluster and read-only: " + method
                        + " changes nothing here; use the cluster itself"
                : "this is " + Moment.format(view.time()) + " in the past and read-only: " + method
                        + " cannot change what was; use the cluster itself";
    }

    private void document(Exchange exchange, String name) throws IOException {
        Optional<ObjectVersion> document = Documents.at(view.history(), name, view.time());
        if (document.isEmpty()) {
            throw StatusFailure.notServed("/" + name + " was not recorded");
        }
        exchange.send(200, "application/json", document.get().body());
    }

    private void openApi(Exchange exchange, List<String> path) throws IOException {
        Optional<ObjectVersion> document = Documents.at(view.history(), String.join("/", path), view.time());
        if (document.isEmpty()) {
            exchange.send(404, "text/plain; charset=utf-8", new byte[0]);
            return;
        }
        String tag = "\"" + document.get().observedAt() + "\"";
        exchange.setHeader("ETag", tag);
        exchange.setHeader("Vary", "Accept");
        if (exchange.header("If-None-Match").contains(tag)) {
            exchange.send(304, "application/json", new byte[0]);
        } else {
            exchange.send(200, "application/json", document.get().body());
        }
    }

    private void api(Exchange exchange, List<String> path) throws IOException {
        Discovery discovery = view.discovery();
        boolean core = path.getFirst().equals("api");
        Optional<ApiPath> resource = ApiPath.parse(path);
        if (resource.isPresent()) {
            resource(exchange, discovery, resource.get());
            return;
        }
        if (path.size() == 1) {
            roots(exchange, discovery, core);
            return;
        }
        Optional<JsonNode> document = core
                ? discovery.resourceList("", path.get(1))
                : path.size() == 2 ? discovery.group(path.get(1)) : discovery.resourceList(path.get(1), path.get(2));
        if (document.isPresent()) {
            ApiHandler.send(exchange, document.get());
        } else if (!core && !discovery.hasGroup(path.get(1))) {
            pageNotFound(exchange);
        } else {
            throw StatusFailure.unknownResource();
        }
    }

    private static void roots(Exchange exchange, Discovery discovery, boolean core) throws IOException {
        exchange.setHeader("Vary", "Accept");
        Optional<String> aggregated = AggregatedDiscovery.accepted(exchange.acceptHeader());
        if (aggregated.isPresent()) {
            byte[] body = AggregatedDiscovery.body(discovery.aggregated(core), aggregated.get());
            exchange.send(200, AggregatedDiscovery.contentType(aggregated.get()), body);
        } else {
            ApiHandler.send(exchange, core ? discovery.coreVersions() : discovery.groupList());
        }
    }

    private void resource(Exchange exchange, Discovery discovery, ApiPath path) throws IOException {
        Reach reach = exchange.permit(ResourceHandler.read(exchange, view, path));
        Optional<ServedResource> resource = discovery.resource(path.group(), path.version(), path.resource());
        View visible = view.within(reach);
        if (LogHandler.isLog(path)) {
            new LogHandler(exchange, visible, path).handle();
            return;
        }
        if (UsageApi.isUsage(path) && view.cluster().hasRows(LandingTable.USAGE)) {
            new UsageApi(exchange, visible, path).handle();
            return;
        }
        Unserved.check(visible, discovery, path, resource);
        if (resource.isPresent()) {
            new ResourceHandler(exchange, visible, path, resource.get()).handle();
        } else if (discovery.hasGroup(path.group())) {
            throw StatusFailure.unknownResource();
        } else {
            pageNotFound(exchange);
        }
    }

    private static void pageNotFound(Exchange exchange) throws IOException {
        exchange.setHeader("X-Content-Type-Options", "nosniff");
        exchange.send(404, "text/plain; charset=utf-8", "404 page not found\n".getBytes(StandardCharsets.UTF_8));
    }
}
