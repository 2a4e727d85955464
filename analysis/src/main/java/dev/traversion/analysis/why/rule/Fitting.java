/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the kind of a value that was changed fits what was said of a trouble: of several changes at once it is the likelier one. */
public final class Fitting {

    private static final Pattern NOT_FOUND = Pattern.compile("statuscode: 404|\\b404 Not Found\\b|\\banswered 404\\b");
    private static final Pattern PATH = Pattern.compile("(^|[=\"',\\s])/[\\w.~%/-]*");

    private static final Pattern REFUSED = Pattern.compile("connection refused");
    private static final Pattern PORT = Pattern.compile("(?<![\\w.])(80|443|[1-9]\\d{3,4})(?![\\w.])");

    private static final Pattern DENIED = Pattern.compile(
            "statuscode: 40[13]|\\b(unauthorized|forbidden|access denied|permission denied for|authentication failed"
                    + "|invalid (password|credentials|token|api key)|bad credentials)\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern SECRET = Pattern.compile(
            "pass(word|wd|phrase)?\\b|passw|token|secret|credential|auth|user|login|api[_-]?key|access[_-]?key",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern LATE =
            Pattern.compile("context deadline exceeded|Client\\.Timeout exceeded|timed out|i/o timeout");

    private static final Pattern FAILED_BEHIND = Pattern.compile("statuscode: 5\\d\\d|\\b50[234] [BSG]");
    private static final Pattern BEHIND = Pattern.compile("statuscode: 50[234]");
    private static final Pattern WHERE =
            Pattern.compile("ur[li]|host|addr|endpoint|dsn|server", Pattern.CASE_INSENSITIVE);
    private static final Pattern ADDRESS = Pattern.compile(
            "(?<![a-z0-9+])[a-z][a-z0-9+]*+://|(?<![A-Za-z0-9.-])(?=[0-9.-]*+[A-Za-z])[A-Za-z0-9.-]++:\\d{2,5}\\b"
                    + "|\\d{1,3}(\\.\\d{1,3}){3}");

    private static final Pattern MALFORMED = Pattern.compile(
            "(unsupported|missing) protocol scheme|no [Hh]ost in request URL|invalid (URL|port|URI)|[Mm]alformedURL");

    private static final Pattern UNTRUSTED = Pattern.compile("x509:|certificate|\\btls: ", Pattern.CASE_INSENSITIVE);
    private static final Pattern TRUST =
            Pattern.compile("cert|ssl|tls|trust|pem|(?<![a-z])ca(?![a-z])", Pattern.CASE_INSENSITIVE);

    private static final Pattern DONE = Pattern.compile("exit 0 \\(Completed\\)");
    private static final Pattern TIMES = Pattern.compile(
            "count|once|times|iter|rounds|repeat|loop|daemon|(?<![a-z])(?:runs?|mode|batch|max)(?![a-z])",
            Pattern.CASE_INSENSITIVE);

    private static final Set<What> MEMORY = Set.of(What.OUT_OF_MEMORY, What.MEMORY_GROWS);
    private static final Pattern SIZE = Pattern.compile(
            "mem|heap|mib|gib|(?<![a-z])[mg]b(?![a-z])|bytes|buffer|cache|size|xmx", Pattern.CASE_INSENSITIVE);
    private static final Pattern WORD =
            Pattern.compile("(?<![A-Za-z0-9./:-])(?:/([A-Za-z0-9._~/-]{3,})|:?([1-9]\\d{3,4})(?![A-Za-z0-9.]))");
    private static final Pattern SAID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{2,}[A-Za-z0-9]");
    private static final Pattern QUOTED = Pattern.compile("[\"'`]([A-Za-z][\\w.-]{2,60})[\"'`]");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,12}");

    /** Words of one value that are looked for. */
    private static final int MOST = 256;

    private Fitting() {}

    public static boolean of(Trouble trouble, Change change) {
        String text = trouble.text();
        String value = change.old() + " " + change.now();
        String name = change.path().replaceFirst("^.*ontainers\\[name=[^\\]]*\\]\\.?", "");
        return (finds(NOT_FOUND, text) && isPath(change))
                || (finds(REFUSED, text) && finds(PORT, value))
                || (finds(DENIED, text) && finds(SECRET, name))
                || (finds(LATE, text) && Fields.longest(change.now()) != Fields.longest(change.old()))
                || (finds(UNTRUSTED, text) && finds(TRUST, name))
                || (finds(MALFORMED, text) && (finds(ADDRESS, value) || finds(WHERE, name) || isHidden(change, name)))
                || (finds(DONE, text) && finds(TIMES, name))
                || (finds(FAILED_BEHIND, text) && (finds(ADDRESS, value) || finds(WHERE, name)))
                || (MEMORY.contains(trouble.what()) && finds(SIZE, name) && grows(change));
    }

    /** Whether a container says that somebody behind it failed, and a change is not one of where, or for how long, it asks. */
    static boolean isOfOthers(Trouble trouble, Change change) {
        return finds(BEHIND, trouble.text())
                && !of(trouble, change)
                && Fields.longest(change.now()) == Fields.longest(change.old());
    }

    /** Whether somebody waited in vain for an answer. */
    static boolean isLate(Trouble trouble) {
        return finds(LATE, trouble.text());
    }

    /** Whether a message quotes a word that a value has. */
    static boolean isQuoted(String text, JsonNode value) {
        return value != null && quotes(text, value.isTextual() ? value.asText() : value.toString());
    }

    /** Whether what a message quotes is in lines of a text that are as they were, and in none of those that a change is about. */
    static boolean isElsewhere(String text, Change change) {
        if (change.old() == null || change.now() == null) {
            return false;
        }
        Set<String> before = change.old().asText().lines().collect(Collectors.toSet());
        Set<String> since = change.now().asText().lines().collect(Collectors.toSet());
        Set<String> same = new HashSet<>(before);
        same.retainAll(since);
        return same.stream().anyMatch(line -> quotes(text, line))
                && Stream.of(before, since)
                        .flatMap(Set::stream)
                        .filter(line -> !same.contains(line))
                        .noneMatch(line -> quotes(text, line));
    }

    private static boolean quotes(String text, String value) {
        return QUOTED.matcher(text).results().limit(MOST).anyMatch(quoted -> Rule.names(value, quoted.group(1)));
    }

    /** Whether a message has a word of more than three characters that a change brought. */
    public static boolean brings(String text, Change change) {
        return brings(text, change.old(), change.now());
    }

    /** Whether a message has a word of more than three characters that a change took away. */
    public static boolean takes(String text, Change change) {
        return brings(text, change.now(), change.old());
    }

    /** Whether a message has a word of more than three characters that one value has and another has not. */
    static boolean brings(String text, JsonNode before, JsonNode since) {
        Set<String> words = said(since);
        words.removeAll(said(before));
        return words.stream().anyMatch(word -> Rule.names(text, word));
    }

    private static Set<String> said(JsonNode value) {
        String text = value == null
                ? ""
                : value.isTextual() ? value.asText() : value.toString().replace("\\n", " ");
        return SAID.matcher(text).results().limit(MOST).map(MatchResult::group).collect(Collectors.toSet());
    }

    /** Whether a change took away a path, a port or another name that a container asks for, as it is told to or says. */
    public static boolean isAskedFor(Trouble trouble, Change change) {
        Set<String> gone = words(change.old());
        gone.removeAll(words(change.now()));
        if (gone.isEmpty()) {
            return false;
        }
        JsonNode container = Pods.container(trouble.about().get("spec"), trouble.container());
        List<String> asked = new ArrayList<>(Pods.texts(container));
        asked.add(trouble.text());
        return gone.stream()
                .map(word -> Pattern.compile("(?<![A-Za-z0-9.-])" + Pattern.quote(word) + "(?![A-Za-z0-9-])"))
                .anyMatch(word -> asked.stream().anyMatch(text -> finds(word, text)));
    }

    /** What in a value looks like something that others ask for: the steps of its paths, and ports. */
    private static Set<String> words(JsonNode value) {
        Set<String> found = new HashSet<>();
        WORD.matcher(value == null ? "" : value.toString())
                .results()
                .limit(MOST)
                .forEach(each -> found.add(each.group(1) == null ? each.group(2) : each.group(1)));
        return found;
    }

    /** Whether a value may be an address, though nobody can read it. */
    private static boolean isHidden(Change change, String name) {
        return change.key().type().equals(Types.SECRETS) && !finds(SECRET, name);
    }

    private static boolean isPath(Change change) {
        return finds(PATH, change.now() == null ? String.valueOf(change.old()) : String.valueOf(change.now()));
    }

    private static boolean grows(Change change) {
        return largest(change.now()) > largest(change.old());
    }

    private static long largest(JsonNode value) {
        return NUMBER.matcher(String.valueOf(value))
                .results()
                .mapToLong(found -> Long.parseLong(found.group()))
                .max()
                .orElse(0);
    }

    private static boolean finds(Pattern pattern, String text) {
        return pattern.matcher(text).find();
    }
}
