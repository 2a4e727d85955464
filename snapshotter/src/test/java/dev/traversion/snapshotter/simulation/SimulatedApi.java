/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import dev.traversion.archive.ObjectKey;
import dev.traversion.snapshotter.api.Answer;
import dev.traversion.snapshotter.api.ApiReads;
import dev.traversion.snapshotter.api.RefusedException;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.random.RandomGenerator;

/** The API server, as one process reaches it: lists, exact lists, watches, and what goes wrong with them. */
final class SimulatedApi implements ApiReads {

    private final World world;
    private final SimulatedServer server;
    private final SimulatedProcess process;

    SimulatedApi(World world, SimulatedServer server, SimulatedProcess process) {
        this.world = world;
        this.server = server;
        this.process = process;
    }

    @Override
    public boolean isReachable() throws InterruptedException {
        process.check();
        return server.isUp();
    }

    @Override
    public Answer get(String path, String accept) throws IOException, InterruptedException {
        RandomGenerator random = world.random();
        process.step("get", path);
        process.sleep(random.nextInt(1, 20));
        server.checkUp();
        if (server.isTroubled() && random.nextInt(20) == 0) {
            return new Answer(path, 503, "busy".getBytes(StandardCharsets.UTF_8), random.nextInt(2));
        }
        ServedResource resource = resource(path);
        Map<String, String> query = query(path);
        String exact = query.get("resourceVersion");
        String token = query.get("continue");
        SimulatedCluster cluster = server.cluster();
        long revision = exact != null
                ? Long.parseLong(exact)
                : token != null ? Long.parseLong(token.substring(0, token.indexOf('|'))) : cluster.revision();
        boolean expired = token != null && server.isTroubled() && random.nextInt(10) == 0;
        if (revision < cluster.compacted() || expired) {
            return new Answer(path, 410, "{\"message\":\"too old\"}".getBytes(StandardCharsets.UTF_8), 0);
        }
        int limit = Integer.parseInt(query.getOrDefault("limit", "500"));
        return new Answer(path, 200, list(resource, query, token, revision, Math.min(limit, 3), accept), 0);
    }

    private byte[] list(
            ServedResource resource, Map<String, String> query, String token, long revision, int limit, String accept) {
        NavigableMap<ObjectKey, SimulatedCluster.Version> state =
                server.cluster().state(resource.type(), revision);
        String selector = query.get("fieldSelector");
        String name = selector == null ? "" : selector.substring(selector.indexOf('=') + 1);
        String after = token == null ? "" : token.substring(token.indexOf('|') + 1);
        StringBuilder items = new StringBuilder();
        String last = "";
        int count = 0;
        int remaining = 0;
        for (SimulatedCluster.Version version : state.values()) {
            ObjectKey key = version.key();
            String place = key.namespace() + "/" + key.name();
            boolean elsewhere = !path(query, key) || (!name.isEmpty() && !name.equals(key.name()));
            if (elsewhere || place.compareTo(after) <= 0) {
                continue;
            }
            if (count == limit) {
                remaining++;
                continue;
            }
            count++;
            last = place;
            items.append(items.isEmpty() ? "" : ",").append(item(version, accept));
        }
        String more = remaining == 0
                ? ""
                : ",\"continue\":\"" + revision + "|" + last + "\",\"remainingItemCount\":" + remaining;
        return ("{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"" + revision + "\"" + more
                        + "},\"items\":[" + items + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static boolean path(Map<String, String> query, ObjectKey key) {
        String namespace = query.getOrDefault("namespace", "");
        return namespace.isEmpty() || namespace.equals(key.namespace());
    }

    /** Items come without kind and apiVersion. */
    private static String item(SimulatedCluster.Version version, String accept) {
        String body = SimulatedCluster.text(version.body());
        int metadata = body.indexOf("\"metadata\"");
        return accept.contains("PartialObjectMetadata")
                ? "{" + body.substring(metadata, body.indexOf("},", metadata) + 1) + "}"
                : "{" + body.substring(metadata);
    }

    @Override
    public Stream stream(String path, Bytes consumer) throws IOException, InterruptedException {
        RandomGenerator random = world.random();
        process.step("watch", path.replaceAll("timeoutSeconds=[0-9]+", ""));
        process.sleep(random.nextInt(1, 20));
        server.checkUp();
        Map<String, String> query = query(path);
        boolean lists = query.containsKey("sendInitialEvents");
        if (lists && !server.streamsLists()) {
            throw new RefusedException(path, 422, "sendInitialEvents is not known", 0);
        }
        if (server.isTroubled() && random.nextInt(20) == 0) {
            throw new RefusedException(path, 429, "too many requests", random.nextInt(2));
        }
        long from = lists ? -1 : Long.parseLong(query.get("resourceVersion"));
        return new SimulatedWatch(world, server, process, resource(path), from, consumer);
    }

    private ServedResource resource(String path) {
        int end = path.indexOf('?');
        String[] parts = path.substring(0, end).split("/");
        List<ServedResource> found = server.cluster().served().values().stream()
                .filter(resource -> resource.type().resource().equals(parts[parts.length - 1]))
                .toList();
        return found.getFirst();
    }

    private static Map<String, String> query(String path) {
        Map<String, String> query = new HashMap<>();
        int namespaces = path.indexOf("/namespaces/");
        if (namespaces >= 0) {
            String rest = path.substring(namespaces + "/namespaces/".length());
            query.put("namespace", rest.substring(0, rest.indexOf('/')));
        }
        for (String parameter : path.substring(path.indexOf('?') + 1).split("&")) {
            int equals = parameter.indexOf('=');
            query.put(
                    parameter.substring(0, equals),
                    URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }
}
