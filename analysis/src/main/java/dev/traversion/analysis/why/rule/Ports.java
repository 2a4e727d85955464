/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Numbers of ports in values. */
final class Ports {

    private static final int HIGHEST = 65535;

    /** What has a number more often is a table of numbers. */
    private static final int MOST = 20;

    private static final String OTHER = "(\\d{1,5})";

    /** A number that stands for itself, or behind an address of the own pod: {@code 8080}, {@code --port=8080}, {@code 0.0.0.0:8080}. */
    private static final String ALONE =
            "(?:(?<=0\\.0\\.0\\.0:)|(?<=\\[::\\]:)|(?<![\\w.-]:)(?<!\\]:)(?<![\\w.]))%d(?![\\w.:])";

    /** Behind a host; what stands behind the hour of a time, or behind the name of a source file, is none. */
    private static final Pattern ADDRESSED = Pattern.compile(
            "(?<!(?<![\\d.])\\d{1,2})(?<!\\.(?:c|cc|cpp|cs|go|java|js|kt|php|py|rb|rs|scala|ts)):(\\d{2,5})\\b");

    /** {@code report} and {@code export} are about something else. */
    private static final Pattern LISTENS = Pattern.compile("(?<!re|sup|ex|im|trans|pass|view)ports?-|listen|bind|addr");

    /** Words of a setting that is about where somebody else listens, or about another port of the same pod. */
    private static final Pattern OTHERS =
            Pattern.compile("-(upstream|backend|remote|target|peer|client|dest|destination|proxy|db"
                    + "|database|cache|metrics|admin|debug|health|management|grpc|jmx|pprof|forward|external|public"
                    + "|advertised?)-");

    private Ports() {}

    /** Whether a value names a port; {@code 30s} and {@code 64Mi} are none. */
    static boolean names(JsonNode value, int port) {
        return port > 0
                && Pattern.compile("(?<!\\d)" + port + "(?![\\dA-Za-z])")
                        .matcher(String.valueOf(value))
                        .find();
    }

    /** Whether a value named a port before a change, and does not since. */
    static boolean leaves(Change change, int port) {
        return names(change.old(), port) && !names(change.now(), port);
    }

    /** Whether a message is about a port that a value named before a change, and does not name since. */
    static boolean leaves(String text, Change change) {
        Matcher ports = ADDRESSED.matcher(text);
        while (ports.find()) {
            if (leaves(change, Integer.parseInt(ports.group(1)))) {
                return true;
            }
        }
        return false;
    }

    /** Whether another port stands since in the place of one, and nothing else in the value was changed. */
    static boolean moves(Change change, int port) {
        if (change.old() == null || change.now() == null || !change.now().isValueNode()) {
            return false;
        }
        String old = change.old().asText();
        String[] rest = Pattern.compile(ALONE.formatted(port)).split(old, -1);
        if (rest.length < 2 || rest.length > MOST) {
            return false;
        }
        Pattern moved = Pattern.compile(Stream.of(rest).map(Pattern::quote).collect(Collectors.joining(OTHER)));
        Matcher now = moved.matcher(change.now().asText());
        if (!now.matches()) {
            return false;
        }
        for (int i = 1; i <= now.groupCount(); i++) {
            int other = Integer.parseInt(now.group(i));
            if (other == 0 || other > HIGHEST || other == port) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether what stands before a port, in its line, says that it is where the process itself listens.
     *
     * @param name of the setting, which counts if nothing stands before it
     * @param services names of others
     */
    static boolean isOwn(String name, String value, int port, Set<String> services) {
        Matcher place = Pattern.compile(ALONE.formatted(port)).matcher(value);
        if (!place.find()) {
            return false;
        }
        String before = value.substring(value.lastIndexOf('\n', place.start()) + 1, place.start());
        String label = before.matches(".*[A-Za-z].*") ? before : name;
        String apart = label.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
        String words = '-' + String.join("-", apart.split("[^a-z0-9]+")) + '-';
        return LISTENS.matcher(words).find()
                && !OTHERS.matcher(words).find()
                && services.stream().noneMatch(service -> words.contains('-' + service + '-'));
    }
}
