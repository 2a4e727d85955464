/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Turns one compact JSON document into YAML when it is closed, with members in alphabetical order as the API server writes it. The
 * document is held in memory: YAML is for people, who do not ask for ten thousand objects of it.
 */
public final class YamlOutput extends OutputStream {

    /** Text that a YAML reader would take for something else than a string. */
    private static final Pattern NOT_TEXT = Pattern.compile(
            "|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|=|<<"
                    + "|[-+]?(0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*(:[0-5]?[0-9])*)"
                    + "|[-+]?([0-9][0-9_]*\\.?[0-9_]*|\\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)"
                    + "|\\d{4}-\\d{1,2}-\\d{1,2}.*");

    private static final Pattern PLAIN = Pattern.compile("(?s)[^-?:,\\[\\]{}#&*!|>'\"%@`\\s].*|[-?:][^\\s,\\[\\]{}].*");

    private final Body document = new Body();
    private final OutputStream out;

    public YamlOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) {
        document.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        document.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        try (out) {
            StringBuilder yaml = new StringBuilder();
            JsonNode root = GoJson.mapper().readTree(document.bytes(), 0, document.length());
            if (isBlock(root)) {
                block(root, 0, yaml, false);
            } else {
                scalar(root, 0, yaml);
            }
            out.write(yaml.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static boolean isBlock(JsonNode node) {
        return node.isContainerNode() && !node.isEmpty();
    }

    /** @param inline whether the first line continues the current one, as after the dash of a sequence */
    private static void block(JsonNode node, int indent, StringBuilder yaml, boolean inline) {
        boolean first = inline;
        if (node.isArray()) {
            for (JsonNode element : node) {
                indent(first ? 0 : indent, yaml);
                first = false;
                yaml.append("- ");
                if (isBlock(element)) {
                    block(element, indent + 2, yaml, true);
                } else {
                    scalar(element, indent, yaml);
                }
            }
            return;
        }
        Map<String, JsonNode> sorted = new TreeMap<>();
        node.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
        for (Map.Entry<String, JsonNode> member : sorted.entrySet()) {
            indent(first ? 0 : indent, yaml);
            first = false;
            text(member.getKey(), yaml);
            yaml.append(':');
            JsonNode value = member.getValue();
            if (isBlock(value)) {
                yaml.append('\n');
                block(value, value.isArray() ? indent : indent + 2, yaml, false);
            } else {
                yaml.append(' ');
                scalar(value, indent, yaml);
            }
        }
    }

    private static void indent(int spaces, StringBuilder yaml) {
        yaml.repeat(' ', spaces);
    }

    private static void scalar(JsonNode node, int indent, StringBuilder yaml) {
        if (node.isObject()) {
            yaml.append("{}");
        } else if (node.isArray()) {
            yaml.append("[]");
        } else if (!node.isTextual()) {
            yaml.append(node.asText());
        } else if (node.asText().indexOf('\n') >= 0 && isPrintable(node.asText())) {
            literal(node.asText(), indent + 2, yaml);
            return;
        } else {
            text(node.asText(), yaml);
        }
        yaml.append('\n');
    }

    private static void literal(String text, int indent, StringBuilder yaml) {
        yaml.append('|');
        if (text.startsWith(" ") || text.startsWith("\n")) {
            yaml.append(2);
        }
        if (!text.endsWith("\n")) {
            yaml.append('-');
        } else if (text.endsWith("\n\n") || text.equals("\n")) {
            yaml.append('+');
        }
        yaml.append('\n');
        String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        for (String line : body.split("\n", -1)) {
            if (!line.isEmpty()) {
                indent(indent, yaml);
                yaml.append(line);
            }
            yaml.append('\n');
        }
    }

    private static void text(String text, StringBuilder yaml) {
        if (!isPrintable(text)
                || text.indexOf('\n') >= 0
                || NOT_TEXT.matcher(text).matches()) {
            yaml.append(new String(GoJson.plainBytes(text), StandardCharsets.UTF_8));
        } else if (isPlain(text)) {
            yaml.append(text);
        } else {
            yaml.append('\'').append(text.replace("'", "''")).append('\'');
        }
    }

    private static boolean isPlain(String text) {
        return PLAIN.matcher(text).matches()
                && !text.contains(": ")
                && !text.contains(" #")
                && !text.endsWith(":")
                && !text.endsWith(" ")
                && !text.startsWith("---")
                && !text.startsWith("...");
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> (c >= ' ' && c != 0x7F && !(c >= 0x80 && c < 0xA0)) || c == '\n');
    }
}
