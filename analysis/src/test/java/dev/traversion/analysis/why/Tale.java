/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.rule.Link;
import dev.traversion.analysis.why.rule.Rule;
import dev.traversion.analysis.why.rule.Rules;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Troubles;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Recording;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A recording written down in lines, and what a single rule makes of it. Each line begins with a second; JSON may do without quotes
 * around names, and with single ones around texts:
 *
 * <pre>
 * -10 base web {image: 'web:1'}                       a Deployment with one container "web", its ReplicaSet and a ready pod
 *  20 rollout web b {image: 'web:2'} waiting ErrImagePull no such image
 *  20 is configmaps/settings {data: {mode: 'x'}}      an object, from now on
 *  20 made pods/other {spec: {...}}                   the same, created just now
 *  30 gone configmaps/settings
 *  30 gone jobs.batch/pay {metadata: {...}}           the same, and what it said of itself last
 *  22 event ReplicaSet/web-b FailedCreate exceeded quota ...
 *  22 noted Pod/web-b-x Pulled it is there already    the same, but no warning
 *  22 seen web-b-x 10.0.0.9                           the agent saw a connection of a pod to an address fail
 *  22 sought web-b-x db.shop.svc.cluster.local        the agent saw a pod look up a name in vain
 *  22 logged web-b-x no such file                     the container of a pod wrote it, in any of its runs
 *   0 hides pods                                      who asks may read them in one namespace, not in all
 * </pre>
 */
public final class Tale {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    private static final Pattern LINE = Pattern.compile("(-?\\d+) (\\w+) (\\S+)(?: (.*))?");
    private static final int END = 300;

    private Tale() {}

    /**
     * The links that a rule makes of the troubles of an object, such as {@code A q CHANGED spec.hard.pods}, or {@code A -> CRASHED web}
     * for another trouble.
     */
    public static List<String> links(Path directory, String rule, String target, String text) throws Exception {
        Rule asked = Rules.all().stream()
                .filter(each -> each.name().equals(rule))
                .findFirst()
                .orElseThrow();
        List<String> found = new ArrayList<>();
        try (Story story = new Story(directory)) {
            text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> tell(story, line));
            Recording recording = story.end(END);
            Gate gate = (type, namespace) -> namespace.isEmpty() && text.contains(" hides " + type + "\n")
                    ? Optional.empty()
                    : Optional.of(recording);
            World world = new World(gate, kernel(text), Story.START, Story.START + END * Story.SECOND);
            for (Trouble trouble : Troubles.of(world, key(target))) {
                if (asked.explains().contains(trouble.what())) {
                    asked.back(world, trouble).forEach(link -> found.add(text(link)));
                }
            }
        }
        return found.stream().distinct().toList();
    }

    /** What an agent saw fail, and what containers logged; there is none on any node if it saw nothing. */
    private static Kernel kernel(String text) {
        List<Matcher> seen = told(text, "seen");
        List<Matcher> sought = told(text, "sought");
        List<Matcher> logged = told(text, "logged");
        return new Kernel() {
            @Override
            public Optional<List<Happening>> of(Version pod, long from, long to) {
                Stream<Happening> failed =
                        linesOf(seen, pod).map(line -> new Happening(at(line), line.group(4), "", ""));
                Stream<Happening> unknown =
                        linesOf(sought, pod).map(line -> new Happening(at(line), "", line.group(4), ""));
                return seen.isEmpty() && sought.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Stream.concat(failed, unknown)
                                .filter(each -> each.at() >= from && each.at() < to)
                                .toList());
            }

            @Override
            public boolean hasLogs() {
                return !logged.isEmpty();
            }

            @Override
            public List<String> lastLines(Version pod, String container, long restart, long until) {
                return linesOf(logged, pod)
                        .filter(line -> at(line) <= until)
                        .map(line -> line.group(4))
                        .toList();
            }
        };
    }

    private static List<Matcher> told(String text, String word) {
        return text.lines()
                .map(line -> LINE.matcher(line.strip()))
                .filter(line -> line.matches() && line.group(2).equals(word))
                .toList();
    }

    private static Stream<Matcher> linesOf(List<Matcher> lines, Version pod) {
        return lines.stream().filter(line -> line.group(3).equals(pod.key().name()));
    }

    private static long at(Matcher line) {
        return Story.START + Integer.parseInt(line.group(1)) * Story.SECOND;
    }

    /** The causes of tiers A and B that all rules together find, the likeliest first. */
    public static List<String> causes(Path directory, String target, String text) throws Exception {
        try (Story story = new Story(directory)) {
            text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> tell(story, line));
            return story.ask(kernel(text), key(target), END).causes().stream()
                    .map(cause -> text(Link.to(cause.change(), cause.tier(), 1, "")))
                    .toList();
        }
    }

    /** What is named near what no rule explains, the likeliest first. */
    static List<String> candidates(Path directory, String target, String text) throws Exception {
        try (Story story = new Story(directory)) {
            text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> tell(story, line));
            return story.ask(kernel(text), key(target), END).candidates().stream()
                    .map(cause -> text(Link.to(cause.change(), cause.tier(), 1, "")))
                    .toList();
        }
    }

    /** What is wrong with an object: {@code CRASHED web-a-x}. */
    static List<String> symptoms(Path directory, String target, String text) throws Exception {
        try (Story story = new Story(directory)) {
            text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> tell(story, line));
            return story.ask(kernel(text), key(target), END).symptoms().stream()
                    .map(trouble -> trouble.what() + " " + trouble.about().key().name())
                    .toList();
        }
    }

    /** The second at which the worst of what is wrong with an object began. */
    static int began(Path directory, String target, String text) throws Exception {
        try (Story story = new Story(directory)) {
            text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> tell(story, line));
            long from = story.ask(kernel(text), key(target), END)
                    .symptoms()
                    .getFirst()
                    .from();
            return (int) ((from - Story.START) / Story.SECOND);
        }
    }

    private static String text(Link link) {
        if (link.trouble() != null) {
            return link.tier() + " -> " + link.trouble().what() + " "
                    + link.trouble().about().key().name();
        }
        Change change = link.change();
        return (link.tier() + " " + change.key().name() + " " + change.operation() + " " + change.path()).strip();
    }

    /** Of {@code deployments.apps/web}, in the namespace shop, or {@code services/web@other}. */
    public static ObjectKey key(String target) {
        int slash = target.indexOf('/');
        int at = target.indexOf('@');
        String type = target.substring(0, slash);
        String name = target.substring(slash + 1, at < 0 ? target.length() : at);
        String namespace = at < 0 ? "shop" : target.substring(at + 1);
        return Story.key(type, Story.isGlobal(type) ? "" : namespace, name);
    }

    private static void tell(Story story, String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no line of a tale: " + line);
        }
        int second = Integer.parseInt(matcher.group(1));
        String rest = matcher.group(4) == null ? "" : matcher.group(4);
        try {
            switch (matcher.group(2)) {
                case "base" -> base(story, second, matcher.group(3), members(rest));
                case "rollout" -> rollOut(story, second, matcher.group(3), rest);
                case "pod" -> pod(story, second, matcher.group(3), rest);
                case "is" -> is(story, second, -600, matcher.group(3), rest);
                case "made" -> is(story, second, second, matcher.group(3), rest);
                case "gone" -> gone(story, second, matcher.group(3), rest);
                case "seen", "sought", "logged", "hides" -> {}
                case "event" -> event(story, second, "Warning", matcher.group(3), rest);
                case "noted" -> event(story, second, "Normal", matcher.group(3), rest);
                default -> throw new IllegalArgumentException("no word of a tale: " + line);
            }
        } catch (Exception e) {
            throw new IllegalStateException(line, e);
        }
    }

    private static String members(String json) throws Exception {
        String text = JSON.readTree(json).toString();
        return text.substring(1, text.length() - 1);
    }

    private static void base(Story story, int second, String name, String container) throws Exception {
        story.deployment(second, name, container);
        story.replicaSet(second + 1, name, "a", "{\"replicas\":1}");
        story.pod(second + 11, second + 2, name, "a", container, Story.ready());
    }

    private static void rollOut(Story story, int second, String name, String rest) throws Exception {
        String hash = rest.substring(0, rest.indexOf(' '));
        String json = rest.substring(rest.indexOf(' ') + 1, rest.lastIndexOf('}') + 1);
        String status = rest.substring(rest.lastIndexOf('}') + 1).strip();
        story.deployment(second, name, members(json));
        story.replicaSet(second + 1, name, hash, "{\"replicas\":" + (status.equals("refused") ? 0 : 1) + "}");
        if (!status.equals("refused")) {
            story.pod(second + 4, second + 1, name, hash, members(json), status(second + 4, status));
        }
    }

    /** Of the first revision, or of another one: {@code web/b}. */
    private static void pod(Story story, int second, String name, String rest) throws Exception {
        String json = rest.substring(0, rest.lastIndexOf('}') + 1);
        int slash = name.indexOf('/');
        story.pod(
                second,
                -8,
                slash < 0 ? name : name.substring(0, slash),
                slash < 0 ? "a" : name.substring(slash + 1),
                members(json),
                status(second, rest.substring(json.length()).strip()));
    }

    /** {@code ready}, {@code waiting REASON message}, {@code crashed REASON message}, {@code unschedulable message}, {@code unready}. */
    private static String status(int second, String text) {
        String[] words = text.split(" ", 3);
        String message = words.length > 2 ? words[2].replace("\"", "\\\"") : "";
        return switch (words[0]) {
            case "ready" -> Story.ready();
            case "waiting" -> Story.waiting(words[1], message);
            case "crashed" -> Story.crashed(second - 1, words[1], message);
            case "unready" ->
                "{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}],\"containerStatuses\":[{"
                        + "\"name\":\"web\",\"ready\":false,\"state\":{\"running\":{\"startedAt\":\""
                        + Story.time(second - 1) + "\"}}}]}";
            case "pending" -> "{\"phase\":\"Pending\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}]}";
            case "unschedulable" ->
                "{\"phase\":\"Pending\",\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\",\"reason\":"
                        + "\"Unschedulable\",\"lastTransitionTime\":\"" + Story.time(second) + "\",\"message\":\""
                        + text.substring(words[0].length()).strip() + "\"}]}";
            default -> throw new IllegalArgumentException("no status: " + text);
        };
    }

    private static void is(Story story, int second, int created, String target, String json) throws Exception {
        ObjectKey key = key(target);
        ObjectNode body = (ObjectNode) JSON.readTree(json);
        JsonNode metadata = body.remove("metadata");
        String inner = metadata == null ? "" : metadata.toString();
        String members = body.toString();
        story.is(
                second,
                created,
                key,
                Kinds.of(key.type()),
                metadata == null || metadata.isEmpty() ? "" : inner.substring(1, inner.length() - 1) + ",",
                body.isEmpty() ? "\"kind\":\"X\"" : members.substring(1, members.length() - 1));
    }

    private static void gone(Story story, int second, String target, String json) throws Exception {
        ObjectKey key = key(target);
        JsonNode metadata = JSON.readTree(json.isEmpty() ? "{}" : json).path("metadata");
        String inner = metadata.toString();
        story.deleted(
                second,
                key,
                Kinds.of(key.type()),
                metadata.isEmpty() ? "" : inner.substring(1, inner.length() - 1) + ",");
    }

    private static void event(Story story, int second, String type, String about, String rest) throws Exception {
        int slash = about.indexOf('/');
        int space = rest.indexOf(' ');
        story.event(
                second,
                type,
                about.substring(0, slash),
                about.substring(slash + 1),
                rest.substring(0, space),
                rest.substring(space + 1));
    }
}
