/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** As much of kubectl's command line as is needed to know what it asks for. The rest is kubectl's. */
public record KubectlArguments(List<String> all) {

    /** Flags of the reading verbs whose value is the next argument. A flag not known here is taken to have none. */
    private static final Set<String> WITH_VALUE = Set.of(
            "-n",
            "--namespace",
            "-l",
            "--selector",
            "-o",
            "--output",
            "-f",
            "--filename",
            "-k",
            "--kustomize",
            "-c",
            "--container",
            "-L",
            "--label-columns",
            "-v",
            "--v",
            "--context",
            "--kubeconfig",
            "--field-selector",
            "--sort-by",
            "--template",
            "--chunk-size",
            "--raw",
            "--subresource",
            "--since",
            "--since-time",
            "--tail",
            "--limit-bytes",
            "--request-timeout",
            "--cache-dir",
            "--for",
            "--types",
            "--timeout",
            "--api-group",
            "--verbs",
            "--api-version",
            "--max-log-requests",
            "--revision",
            "--as",
            "--as-group",
            "--as-uid",
            "-s",
            "--server",
            "--token",
            "--user",
            "--cluster",
            "--certificate-authority",
            "--client-certificate",
            "--client-key",
            "--username",
            "--password",
            "--tls-server-name",
            "--profile",
            "--profile-output",
            "--log-flush-frequency",
            "--vmodule",
            "--kuberc");

    /** The words that are no flags and no flags' values, the verb first. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String argument = all.get(i);
            if (argument.equals("--")) {
                break;
            }
            if (WITH_VALUE.contains(argument)) {
                i++;
            } else if (!argument.startsWith("-") || argument.equals("-")) {
                words.add(argument);
            }
        }
        return words;
    }

    /** The names of types asked for, such as pods or deploy; empty if that cannot be told. */
    List<String> typeNames() {
        List<String> words = words();
        if (words.isEmpty()) {
            return List.of();
        }
        String verb = words.getFirst();
        if (verb.equals("logs") || verb.equals("top")) {
            boolean nodes = words.size() > 1 && words.get(1).startsWith("no");
            return verb.equals("top") && nodes ? List.of("nodes") : List.of("pods");
        }
        if (verb.equals("events")) {
            return List.of("events");
        }
        if (words.size() < 2) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        if (words.get(1).contains("/")) {
            for (String word : words.subList(1, words.size())) {
                names.add(word.substring(0, Math.max(0, word.indexOf('/'))));
            }
        } else {
            names.addAll(List.of(words.get(1).split(",")));
        }
        names.removeIf(String::isEmpty);
        return names;
    }

    /** The value of a flag in any of its spellings; {@code ""} if it is not given. */
    public String value(String shortName, String longName) {
        String value = "";
        for (int i = 0; i < all.size(); i++) {
            String argument = all.get(i);
            if (argument.equals("--")) {
                break;
            }
            boolean isNext = i + 1 < all.size();
            if ((argument.equals(longName) || argument.equals(shortName)) && isNext) {
                value = all.get(++i);
            } else if (argument.startsWith(longName + "=")) {
                value = argument.substring(longName.length() + 1);
            } else if (!shortName.isEmpty()
                    && argument.startsWith(shortName)
                    && !argument.startsWith("--")
                    && argument.length() > shortName.length()) {
                value = argument.substring(
                        argument.charAt(shortName.length()) == '=' ? shortName.length() + 1 : shortName.length());
            }
        }
        return value;
    }

    /** Without a flag and its value. */
    public KubectlArguments without(String longName) {
        List<String> rest = new ArrayList<>();
        boolean ended = false;
        for (int i = 0; i < all.size(); i++) {
            String argument = all.get(i);
            ended |= argument.equals("--");
            if (!ended && argument.equals(longName)) {
                i++;
            } else if (ended || !argument.startsWith(longName + "=")) {
                rest.add(argument);
            }
        }
        return new KubectlArguments(rest);
    }

    /** Whether a flag is given, with a value or not. */
    public boolean has(String name) {
        for (String argument : all) {
            if (argument.equals("--")) {
                return false;
            }
            if (argument.equals(name) || argument.startsWith(name + "=")) {
                return true;
            }
        }
        return false;
    }
}
