/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * What agents that run say they cannot record, by asking each of them. What one said is told again for a minute; one that does not answer
 * is not told of here: the kubelet, too, finds that it is not well. Safe for concurrent use.
 */
final class AgentProblems {

    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int AT_ONCE = 32;
    private static final int MOST = 5;
    private static final int MOST_NAMES = 3;
    private static final int LONGEST = 300;

    private record Said(Instant at, List<String> problems) {}

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Clock clock;
    private final Map<String, Said> known = new ConcurrentHashMap<>();

    AgentProblems(Clock clock) {
        this.clock = clock;
    }

    /** A sentence for each different problem, with the nodes that have it; five at most. */
    List<String> of(Collection<Pod> agents) throws InterruptedException {
        List<Pod> running = agents.stream().filter(AgentProblems::isReady).toList();
        ask(running);
        Map<String, SortedSet<String>> nodes = new TreeMap<>();
        for (Pod agent : running) {
            Said said = known.get(agent.getMetadata().getUid());
            if (said != null) {
                said.problems().forEach(problem -> nodes.computeIfAbsent(problem, each -> new TreeSet<>())
                        .add(agent.getSpec().getNodeName()));
            }
        }
        return nodes.entrySet().stream()
                .limit(MOST)
                .map(each -> names(each.getValue()) + ": " + each.getKey())
                .toList();
    }

    private static String names(SortedSet<String> nodes) {
        String first = String.join(", ", nodes.stream().limit(MOST_NAMES).toList());
        String more = nodes.size() > MOST_NAMES ? " and " + (nodes.size() - MOST_NAMES) + " more" : "";
        return (nodes.size() == 1 ? "Node " : "Nodes ") + first + more;
    }

    private void ask(List<Pod> running) throws InterruptedException {
        Instant now = clock.instant();
        known.values().removeIf(said -> said.at().plus(REMEMBERED).isBefore(now));
        Semaphore free = new Semaphore(AT_ONCE);
        try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> questions = running.stream()
                    .filter(agent -> !known.containsKey(agent.getMetadata().getUid()))
                    .<Callable<Void>>map(agent -> () -> {
                        free.acquire();
                        try {
                            ask(agent, now);
                        } finally {
                            free.release();
                        }
                        return null;
                    })
                    .toList();
            asking.invokeAll(questions);
        }
    }

    private void ask(Pod agent, Instant now) throws InterruptedException {
        String address = agent.getStatus().getPodIP();
        String host = address.contains(":") ? "[" + address + "]" : address;
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + port(agent) + "/problems"))
                .timeout(PATIENCE)
                .build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            List<String> problems = answer.body()
                    .lines()
                    .map(line -> line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line)
                    .toList();
            known.put(agent.getMetadata().getUid(), new Said(now, problems));
        } catch (IOException e) {
            // Asked again at the next look.
            known.remove(agent.getMetadata().getUid());
        }
    }

    private static int port(Pod agent) {
        return agent.getSpec().getContainers().getFirst().getPorts().stream()
                .filter(port -> "metrics".equals(port.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElse(AgentObjects.METRICS);
    }

    private static boolean isReady(Pod agent) {
        return agent.getStatus() != null
                && agent.getStatus().getPodIP() != null
                && agent.getMetadata().getDeletionTimestamp() == null
                && agent.getStatus().getConditions().stream()
                        .anyMatch(each -> "Ready".equals(each.getType()) && "True".equals(each.getStatus()));
    }
}
