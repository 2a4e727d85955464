/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.analysis;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.analysis.Family;
import dev.traversion.analysis.FirstMoment;
import dev.traversion.analysis.Scope;
import dev.traversion.analysis.diff.DiffDocument;
import dev.traversion.analysis.diff.MomentDiff;
import dev.traversion.analysis.node.NodeTroubles;
import dev.traversion.analysis.timeline.Timeline;
import dev.traversion.analysis.timeline.TimelineDocument;
import dev.traversion.analysis.why.WhyQuestion;
import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.NodeKernel;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.access.Reach;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.cluster.Gaps;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.play.UntilCondition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What happened between two moments, as JSON: {@code diff/<from>/<to>}, {@code timeline/<from>/<to>} and, of one object,
 * {@code versions/<from>/<to>}; {@code why/<from>/<to>} is the cause of what is wrong with one, or else what was wrong;
 * {@code first/<from>/<to>} when a {@code condition}, written as for kubectl wait, held first. The query narrows it: {@code resource} ({@code deployments.apps}, several with commas), {@code namespace},
 * {@code name}; a diff takes {@code bodies=true} for the whole objects, too, timelines and versions {@code limit}, which leaves the
 * latest, and a timeline {@code tree=true} for owners and children. A moment of a diff that was not wholly observed is a warning.
 */
public final class AnalysisApi {

    private static final int DEFAULT_LIMIT = 1000;
    private static final ResourceType EVERYTHING = new ResourceType("*", "*");
    private static final int MOST = 100_000;
    private static final int FORBIDDEN = 403;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServedCluster cluster;
    private final Exchange exchange;

    public AnalysisApi(ServedCluster cluster, Exchange exchange) {
        this.cluster = cluster;
        this.exchange = exchange;
    }

    /** @param path what is asked, from, to */
    public void handle(List<String> path) throws IOException {
        String what = path.getFirst();
        if (path.size() != 3) {
            throw StatusFailure.notServed("it is served as /clusters/<id>/" + what + "/<from>/<to>");
        }
        if (!exchange.method().equals("GET")) {
            throw StatusFailure.methodNotAllowed("a " + what + " can only be read, with GET");
        }
        long from = time(path.get(1));
        long to = time(path.get(2));
        if (to < from) {
            throw StatusFailure.badRequest(
                    path.get(1) + " is later than " + path.get(2) + ": give the earlier one first");
        }
        Scope scope = scope(to);
        if (what.equals("versions")
                && (scope.types().size() != 1 || scope.name().isEmpty())) {
            throw StatusFailure.badRequest("versions are those of one object: give resource= and name=");
        }
        if (what.equals("why")) {
            why(from, to, scope);
            return;
        }
        FirstMoment.Condition condition = what.equals("first") ? condition() : null;
        // Of versions the permission opens those of today's namespace, wherever the stretch begins.
        boolean isOfEnd = what.equals("versions");
        History visible = permit(scope, isOfEnd ? to : from, to).of(cluster.history());
        switch (what) {
            case "diff" -> diff(visible, from, to, scope);
            case "versions" -> versions(visible, from, to, scope);
            case "first" -> first(FirstMoment.of(visible, scope, from, to, condition));
            default -> timeline(visible, from, to, scope);
        }
    }

    private long time(String text) {
        try {
            return cluster.at(Moment.parse(text)).time();
        } catch (TraversionException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
    }

    private Scope scope(long time) {
        Set<ResourceType> types = new LinkedHashSet<>();
        String names = exchange.query("resource");
        for (String name : names.split(",")) {
            if (!name.isEmpty()) {
                int dot = name.indexOf('.');
                ResourceType type = dot < 0
                        ? new ResourceType("", name)
                        : new ResourceType(name.substring(dot + 1), name.substring(0, dot));
                ResourceType stored = cluster.storedType(type, time);
                if (cluster.history().types(time).contains(stored)) {
                    types.add(stored);
                }
            }
        }
        if (types.isEmpty() && !names.isEmpty()) {
            throw StatusFailure.notServed("nothing of the resource " + names + " was recorded by then");
        }
        String namespace = exchange.query("namespace");
        boolean isNone = !namespace.isEmpty() && !types.isEmpty() && areInNoNamespace(types, time);
        return new Scope(types, isNone ? "" : namespace, exchange.query("name"));
    }

    /** As for kubectl, a namespace means nothing to such objects. */
    private boolean areInNoNamespace(Set<ResourceType> types, long time) {
        for (ResourceType type : types) {
            boolean[] isNone = {false};
            try {
                cluster.history().list(type, "", null, time, version -> {
                    isNone[0] = version.key().namespace().isEmpty();
                    return false;
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (!isNone[0]) {
                return false;
            }
        }
        return true;
    }

    private void diff(History history, long from, long to, Scope scope) throws IOException {
        for (long moment : new long[] {from, to}) {
            String completeness = Gaps.completeness(cluster.history(), scope.types(), scope.namespace(), moment);
            if (!completeness.equals(Gaps.COMPLETE)) {
                exchange.warn("traversion: " + Moment.format(moment) + ", " + completeness);
            }
        }
        JsonGenerator out = open();
        DiffDocument document = new DiffDocument(
                out,
                Moment.instant(from),
                Moment.instant(to),
                exchange.query("bodies").equals("true"));
        try {
            MomentDiff diff = MomentDiff.between(history, from, to, scope, difference -> {
                try {
                    document.add(difference);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            document.end(diff);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out.close();
    }

    private void timeline(History history, long from, long to, Scope scope) throws IOException {
        Scope wanted = scope;
        Reach reach = Reach.EVERYTHING;
        Set<Scope> scopes = new LinkedHashSet<>(Set.of(scope));
        if (exchange.query("tree").equals("true")) {
            Set<ObjectKey> family = Family.of(history, scope, from, to);
            scopes.clear();
            family.forEach(key -> scopes.add(new Scope(Set.of(key.type()), key.namespace(), "")));
            for (Scope each : scopes) {
                reach = reach.and(permit(each, from, to));
            }
            wanted = scope.replacedBy(family);
        }
        Predicate<ObjectKey> isPermitted = key -> scopes.stream().anyMatch(each -> each.contains(key));
        Timeline timeline = Timeline.of(reach.of(history), wanted, from, to, limit())
                .with(NodeTroubles.of(reach.of(history), wanted, isPermitted, from, to, limit()), limit());
        JsonGenerator out = open();
        TimelineDocument.write(timeline, out);
        out.close();
    }

    private FirstMoment.Condition condition() {
        try {
            return UntilCondition.parse(exchange.query("condition"));
        } catch (TraversionException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
    }

    /** {@code at, group, resource, namespace, name}; nothing of these if it never was. */
    private void first(Optional<FirstMoment> met) throws IOException {
        JsonGenerator out = open();
        out.writeStartObject();
        if (met.isPresent()) {
            ObjectKey key = met.get().key();
            out.writeStringField("at", Moment.format(met.get().at()));
            out.writeStringField("group", key.type().group());
            out.writeStringField("resource", key.type().resource());
            out.writeStringField("namespace", key.namespace());
            out.writeStringField("name", key.name());
        }
        out.writeEndObject();
        out.close();
    }

    /** Each resource that the answer needs is a read of its own; what is refused is hidden, and named. */
    private void why(long from, long to, Scope scope) throws IOException {
        History named = permit(scope, from, to).of(cluster.history());
        Gate gate = (type, namespace) -> {
            try {
                return Optional.of(
                        permit(new Scope(Set.of(type), namespace, ""), from, to).of(cluster.history()));
            } catch (StatusFailure refusal) {
                if (refusal.code() != FORBIDDEN) {
                    throw refusal;
                }
                return Optional.empty();
            }
        };
        JsonNode answer;
        try {
            answer = WhyQuestion.answer(
                    named, gate, new NodeKernel(cluster.history().nodes()), scope, from, to);
        } catch (TraversionException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
        JsonGenerator out = open();
        JSON.writeTree(out, answer);
        out.close();
    }

    private record Seen(long at, String resourceVersion) {}

    /** When the latest versions were observed, oldest first, and how many earlier ones there are. */
    private void versions(History history, long from, long to, Scope scope) throws IOException {
        ObjectKey key = new ObjectKey(scope.types().iterator().next(), scope.namespace(), scope.name());
        int limit = limit();
        Deque<Seen> latest = new ArrayDeque<>();
        long[] count = {0};
        history.versions(key, from, to, version -> {
            count[0]++;
            latest.addLast(new Seen(version.observedAt(), version.resourceVersion()));
            if (latest.size() > limit) {
                latest.removeFirst();
            }
            return true;
        });
        JsonGenerator out = open();
        out.writeStartObject();
        out.writeArrayFieldStart("versions");
        for (Seen version : latest) {
            out.writeStartObject();
            out.writeStringField("at", Moment.format(version.at()));
            out.writeStringField("resourceVersion", version.resourceVersion());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeNumberField("omitted", count[0] - latest.size());
        out.writeEndObject();
        out.close();
    }

    /** All of it, or nothing. What a namespace's grants reach is the same for each of its types. */
    private Reach permit(Scope scope, long from, long to) {
        Past past = new Past(cluster.history(), from, to);
        Set<ResourceType> types = scope.types().isEmpty() ? Set.of(EVERYTHING) : scope.types();
        Reach reach = Reach.EVERYTHING;
        for (ResourceType type : types) {
            reach = exchange.permit(Read.Objects.all(past, type, scope.namespace(), scope.name()));
        }
        return reach;
    }

    private int limit() {
        String limit = exchange.query("limit");
        if (limit.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        if (!limit.matches("[1-9]\\d{0,5}") || Integer.parseInt(limit) > MOST) {
            throw StatusFailure.badRequest("limit: \"" + limit + "\" is no number from 1 to " + MOST);
        }
        return Integer.parseInt(limit);
    }

    /** To be closed only when all is written: a broken connection tells of anything else. */
    private JsonGenerator open() throws IOException {
        return JSON.getFactory().createGenerator(exchange.open(200, "application/json"));
    }
}
