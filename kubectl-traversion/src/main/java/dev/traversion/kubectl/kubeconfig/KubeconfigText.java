/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.kubeconfig;

import dev.traversion.archive.TraversionException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The text of a kubeconfig, changed in place: only our own entries and the current context are touched, everything else stays byte
 * for byte. Immutable.
 */
public final class KubeconfigText {

    private static final List<String> LISTS = List.of("clusters", "users", "contexts");
    private static final String CURRENT = "current-context";
    private static final String ABSENT = "absent";
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(200)
            .build();

    private record Edit(int from, int to, String replacement) {}

    private final String text;
    private final Optional<MappingNode> root;

    private KubeconfigText(String text, Optional<MappingNode> root) {
        this.text = text;
        this.root = root;
    }

    /**
     * Reads a kubeconfig.
     *
     * @throws TraversionException if it is not one
     */
    public static KubeconfigText parse(String text, Object origin) {
        try {
            Optional<Node> root = new Compose(SETTINGS).composeString(text);
            if (root.isPresent() && !(root.get() instanceof MappingNode)) {
                throw new TraversionException(origin + " is not a kubeconfig: it is no YAML mapping.");
            }
            return new KubeconfigText(text, root.map(MappingNode.class::cast));
        } catch (YamlEngineException e) {
            throw new TraversionException(
                    origin + " is not a kubeconfig that can be read: "
                            + e.getMessage().lines().findFirst().orElse("")
                            + ". Mend it, or name another with --kubeconfig.",
                    e);
        }
    }

    public String text() {
        return text;
    }

    /** The current context's name; empty if there is none. */
    public Optional<String> currentContext() {
        return value(CURRENT).map(KubeconfigText::scalar).filter(name -> !name.isEmpty());
    }

    /** The names of its contexts. */
    public Set<String> contexts() {
        Set<String> names = new TreeSet<>();
        items("contexts").forEach(item -> names.add(nameOf(item)));
        return names;
    }

    /** The default namespace of a context; empty if it names none, or is not there. */
    public Optional<String> namespace(String context) {
        return item("contexts", context)
                .flatMap(item -> field(item, "context"))
                .flatMap(fields -> field(fields, "namespace"))
                .map(KubeconfigText::scalar)
                .filter(namespace -> !namespace.isEmpty());
    }

    /** The names of the contexts which are moments of the past. */
    public Set<String> moments() {
        Set<String> names = new TreeSet<>();
        for (MappingNode item : items("clusters")) {
            if (note(item).isPresent()) {
                names.add(nameOf(item));
            }
        }
        return names;
    }

    /** The context that was current before the moments; empty if there are no moments, or there was none. */
    public Optional<String> contextBefore() {
        return noteOfMoments().filter(note -> !note.equals(ABSENT)).map(KubeconfigText::unquoted);
    }

    /** With a moment as current context, in place of the moments there were. */
    public KubeconfigText withMoment(MomentContext moment) {
        String before = noteOfMoments().orElseGet(this::currentContextAsWritten);
        KubeconfigText clean = removeMoments();
        if (clean.contexts().contains(moment.name())) {
            throw new TraversionException("There is a context " + moment.name()
                    + " which is not ours. Rename it, or use --kubeconfig-out FILE.");
        }
        List<Edit> edits = new ArrayList<>();
        StringBuilder end = new StringBuilder();
        if (clean.root.isEmpty()) {
            end.append("apiVersion: v1\nkind: Config\n");
        }
        clean.insert("clusters", edits, end, indent -> moment.cluster(indent, before));
        clean.insert("users", edits, end, moment::user);
        clean.insert("contexts", edits, end, moment::context);
        clean.setCurrent(MomentContext.quoted(moment.name()), edits, end);
        return clean.edited(edits, end.toString());
    }

    /** Without any moment, and with the context current that was so before. */
    public KubeconfigText withoutMoments() {
        Optional<String> before = noteOfMoments();
        if (before.isEmpty()) {
            return this;
        }
        boolean isMoment = currentContext().filter(moments()::contains).isPresent();
        KubeconfigText clean = removeMoments();
        if (!isMoment) {
            return clean;
        }
        List<Edit> edits = new ArrayList<>();
        if (before.get().equals(ABSENT)) {
            Node value = clean.value(CURRENT).orElseThrow();
            int from = clean.lineStart(clean.start(value));
            edits.add(new Edit(from, clean.lineEnd(clean.end(value)), ""));
        } else {
            clean.setCurrent(before.get(), edits, new StringBuilder());
        }
        return clean.edited(edits, "");
    }

    private String currentContextAsWritten() {
        return value(CURRENT)
                .map(node -> text.substring(start(node), end(node)))
                .orElse(ABSENT);
    }

    private Optional<String> noteOfMoments() {
        return items("clusters").stream()
                .map(KubeconfigText::note)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The note of an entry of ours; empty if it is not ours. */
    private static Optional<String> note(MappingNode item) {
        Optional<Node> extensions = field(item, "cluster").flatMap(cluster -> field(cluster, "extensions"));
        if (extensions.isPresent() && extensions.get() instanceof SequenceNode list) {
            for (Node extension : list.getValue()) {
                boolean isOurs = field(extension, "name")
                        .map(KubeconfigText::scalar)
                        .orElse("")
                        .equals(MomentContext.EXTENSION);
                if (isOurs) {
                    return field(extension, "extension")
                            .flatMap(e -> field(e, "before"))
                            .map(KubeconfigText::scalar);
                }
            }
        }
        return Optional.empty();
    }

    private static String unquoted(String scalar) {
        return new Compose(SETTINGS)
                .composeString(scalar)
                .map(KubeconfigText::scalar)
                .orElse("");
    }

    private KubeconfigText removeMoments() {
        Set<String> ours = moments();
        List<Edit> edits = new ArrayList<>();
        for (String list : LISTS) {
            List<MappingNode> items = items(list);
            List<MappingNode> leaving =
                    items.stream().filter(item -> ours.contains(nameOf(item))).toList();
            if (!leaving.isEmpty() && leaving.size() == items.size()) {
                Node value = value(list).orElseThrow();
                int colon = text.lastIndexOf(':', start(value));
                edits.add(new Edit(colon + 1, lineEnd(end(value)), " []\n"));
            } else {
                for (MappingNode item : leaving) {
                    edits.add(new Edit(lineStart(start(item)), lineEnd(end(item)), ""));
                }
            }
        }
        return edited(edits, "");
    }

    @FunctionalInterface
    private interface Item {
        String at(String indent);
    }

    private void insert(String list, List<Edit> edits, StringBuilder end, Item item) {
        Optional<Node> value = value(list);
        if (value.isEmpty()) {
            end.append(list).append(":\n").append(item.at(""));
        } else if (items(list).isEmpty()) {
            int from = text.lastIndexOf(':', start(value.get())) + 1;
            edits.add(new Edit(from, lineEnd(end(value.get())), "\n" + item.at("")));
        } else {
            int dash = start(value.get());
            edits.add(new Edit(lineStart(dash), lineStart(dash), item.at(text.substring(lineStart(dash), dash))));
        }
    }

    private void setCurrent(String written, List<Edit> edits, StringBuilder end) {
        Optional<Node> value = value(CURRENT);
        if (value.isEmpty()) {
            end.append(CURRENT + ": ").append(written).append('\n');
            return;
        }
        int from = start(value.get());
        String space = text.charAt(from - 1) == ':' ? " " : "";
        edits.add(new Edit(from, end(value.get()), space + written));
    }

    private KubeconfigText edited(List<Edit> edits, String end) {
        StringBuilder result = new StringBuilder(text);
        List<Edit> lastFirst = new ArrayList<>(edits);
        lastFirst.sort(Comparator.comparingInt(Edit::from).reversed());
        for (Edit edit : lastFirst) {
            result.replace(edit.from(), edit.to(), edit.replacement());
        }
        if (!end.isEmpty() && !result.isEmpty() && result.charAt(result.length() - 1) != '\n') {
            result.append('\n');
        }
        return parse(result.append(end).toString(), "The changed kubeconfig");
    }

    private Optional<Node> value(String key) {
        return root.flatMap(mapping -> field(mapping, key));
    }

    private List<MappingNode> items(String list) {
        Optional<Node> value = value(list);
        if (value.isEmpty() || !(value.get() instanceof SequenceNode sequence)) {
            return List.of();
        }
        return sequence.getValue().stream()
                .filter(MappingNode.class::isInstance)
                .map(MappingNode.class::cast)
                .toList();
    }

    /**
     * Makes sure that it is written so that entries can be added: a block of lines each, as kubectl writes it.
     *
     * @throws TraversionException if not
     */
    public void requireEditable(Object origin) {
        boolean isFlow = root.isPresent() && root.get().getFlowStyle() == FlowStyle.FLOW;
        for (String list : LISTS) {
            Optional<Node> value = value(list);
            isFlow |= value.isPresent()
                    && value.get() instanceof SequenceNode sequence
                    && !sequence.getValue().isEmpty()
                    && sequence.getFlowStyle() == FlowStyle.FLOW;
        }
        if (isFlow) {
            throw new TraversionException(
                    origin + " is written as JSON or in YAML's flow style, to which no entry can be added"
                            + " without rewriting it. Use --kubeconfig-out FILE.");
        }
    }

    private Optional<MappingNode> item(String list, String name) {
        return items(list).stream().filter(item -> nameOf(item).equals(name)).findFirst();
    }

    private static String nameOf(MappingNode item) {
        return field(item, "name").map(KubeconfigText::scalar).orElse("");
    }

    private static Optional<Node> field(Node node, String key) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode name
                        && name.getValue().equals(key)) {
                    return Optional.of(tuple.getValueNode());
                }
            }
        }
        return Optional.empty();
    }

    private static String scalar(Node node) {
        return node instanceof ScalarNode scalar
                        && !Objects.equals(scalar.getTag().getValue(), "tag:yaml.org,2002:null")
                ? scalar.getValue()
                : "";
    }

    private int start(Node node) {
        return offset(node.getStartMark().orElseThrow());
    }

    /** Where the last character of a node ends: a block's own mark lies after the comments that follow it. */
    private int end(Node node) {
        return switch (node) {
            case MappingNode mapping
            when mapping.getFlowStyle() != FlowStyle.FLOW && !mapping.getValue().isEmpty() ->
                end(mapping.getValue().getLast().getValueNode());
            case SequenceNode sequence
            when sequence.getFlowStyle() != FlowStyle.FLOW
                    && !sequence.getValue().isEmpty() -> end(sequence.getValue().getLast());
            default -> offset(node.getEndMark().orElseThrow());
        };
    }

    /** Marks count code points. */
    private int offset(Mark mark) {
        return text.offsetByCodePoints(0, mark.getIndex());
    }

    private int lineStart(int offset) {
        return text.lastIndexOf('\n', offset - 1) + 1;
    }

    /** Behind the line break that follows, unless the offset is at the start of a line already. */
    private int lineEnd(int offset) {
        if (offset > 0 && text.charAt(offset - 1) == '\n') {
            return offset;
        }
        int newline = text.indexOf('\n', offset);
        return newline < 0 ? text.length() : newline + 1;
    }

    /** What it says apart from moments and the current context, to see that an edit has kept it. */
    Map<String, Object> rest() {
        Object loaded = new org.snakeyaml.engine.v2.api.Load(SETTINGS).loadFromString(text);
        Map<String, Object> rest = new java.util.TreeMap<>();
        if (loaded instanceof Map<?, ?> mapping) {
            mapping.forEach((key, value) -> rest.put(String.valueOf(key), value));
        }
        Set<String> ours = moments();
        for (String list : LISTS) {
            List<Object> others = new ArrayList<>();
            if (rest.get(list) instanceof List<?> items) {
                for (Object item : items) {
                    boolean isOurs =
                            item instanceof Map<?, ?> fields && ours.contains(String.valueOf(fields.get("name")));
                    if (!isOurs) {
                        others.add(item);
                    }
                }
            }
            rest.put(list, others);
        }
        rest.remove(CURRENT);
        rest.putIfAbsent("apiVersion", "v1");
        rest.putIfAbsent("kind", "Config");
        return rest;
    }
}
