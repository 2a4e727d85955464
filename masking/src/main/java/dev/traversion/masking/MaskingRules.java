/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ResourceType;
import dev.traversion.masking.Needles.Needle;
import dev.traversion.masking.rules.SecretRules;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What counts as secret. The base rules are data that comes with Traversion; policies may add to them.
 *
 * @param secretName names of fields and environment variables whose text is secret
 * @param secretEnvName more such names of environment variables
 * @param reference names which only point to a secret or describe one: their text stays
 * @param secretNumber names of fields whose numbers are secret, too: most numbers in fields that speak of secrets are limits and ages
 * @param description ends of paths, below a field named like a secret, which only describe it
 * @param schemas types which name secrets without holding any: nothing but fields named like secrets is searched there
 * @param wholeObjects types all of whose values are secret
 * @param never paths below which nothing is masked: they identify objects
 * @param labels paths of what selects objects: nothing is masked there but the tokens of well-known providers
 * @param managedFields the path of what says who owns which field: the entries of sets are in it
 * @param pairs fields whose entries are names and values
 * @param binary fields of kinds of Kubernetes whose text is base64
 * @param detectors what is recognised in any text
 * @param fields what is secret by its path
 * @param words what whoever runs the recorder calls secret: fields and environment variables whose names it is found in
 */
public record MaskingRules(
        Pattern secretName,
        Pattern secretEnvName,
        Pattern reference,
        Pattern secretNumber,
        Pattern description,
        Set<ResourceType> schemas,
        Map<ResourceType, WholeObject> wholeObjects,
        List<String> never,
        List<String> labels,
        String managedFields,
        Set<String> pairs,
        Set<String> binary,
        Detectors detectors,
        FieldPaths fields,
        Pattern words) {

    private static final Pattern NO_WORDS = Pattern.compile("(?!)");

    /**
     * @param base64 the field whose values are base64, and must stay so
     * @param plain the field whose values are text
     */
    public record WholeObject(String base64, String plain) {}

    /** The rules that always hold. */
    public static MaskingRules base() {
        try (InputStream in = MaskingRules.class.getResourceAsStream("rules.json")) {
            JsonNode rules = new ObjectMapper().readTree(in);
            Map<ResourceType, WholeObject> whole = new HashMap<>();
            for (JsonNode each : rules.path("wholeObjects")) {
                whole.put(
                        type(each),
                        new WholeObject(
                                each.path("base64").asText(), each.path("plain").asText()));
            }
            Set<ResourceType> schemas = new HashSet<>();
            rules.path("schemas").forEach(each -> schemas.add(type(each)));
            return new MaskingRules(
                    Pattern.compile(rules.path("secretName").asText()),
                    Pattern.compile(rules.path("secretEnvName").asText()),
                    Pattern.compile(rules.path("reference").asText()),
                    Pattern.compile(rules.path("secretNumber").asText()),
                    Pattern.compile(rules.path("description").asText()),
                    Set.copyOf(schemas),
                    Map.copyOf(whole),
                    texts(rules.path("never")),
                    texts(rules.path("labels")),
                    rules.path("managedFields").asText(),
                    Set.copyOf(texts(rules.path("pairs"))),
                    Set.copyOf(texts(rules.path("binary"))),
                    new Detectors(needles(rules.path("prefixes"))),
                    FieldPaths.NONE,
                    NO_WORDS);
        } catch (IOException e) {
            throw new UncheckedIOException("the masking rules in this build cannot be read", e);
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(each -> texts.add(each.asText()));
        return List.copyOf(texts);
    }

    private static List<Needle> needles(JsonNode prefixes) {
        List<Needle> needles = new ArrayList<>(List.of(
                new Needle("eyJ", Needles.Kind.JWT, 0, ""),
                new Needle("://", Needles.Kind.URL, 0, ""),
                new Needle("-----BEGIN ", Needles.Kind.PRIVATE_KEY, 0, ""),
                new Needle("-----BEGIN%20", Needles.Kind.PRIVATE_KEY, 0, ""),
                new Needle("-----BEGIN+", Needles.Kind.PRIVATE_KEY, 0, ""),
                new Needle(" --", Needles.Kind.FLAG, 0, "")));
        for (String scheme : List.of("Bearer ", "bearer ", "BEARER ")) {
            needles.add(new Needle(scheme, Needles.Kind.BEARER, 0, ""));
        }
        for (String scheme : List.of("Basic ", "basic ", "BASIC ")) {
            needles.add(new Needle(scheme, Needles.Kind.BASIC, 0, ""));
        }
        for (String word : List.of("assword", "asswd", "ASSWORD", "ASSWD", "assphrase", "ASSPHRASE")) {
            needles.add(new Needle(word, Needles.Kind.PASSWORD, 0, ""));
        }
        for (JsonNode each : prefixes) {
            needles.add(new Needle(
                    each.path("prefix").asText(),
                    Needles.Kind.TOKEN,
                    each.path("least").asInt(),
                    each.path("also").asText("")));
        }
        return needles;
    }

    /** The same, and more. */
    public MaskingRules with(SecretRules more) {
        if (more.equals(SecretRules.NONE)) {
            return this;
        }
        String quoted = more.names().stream().map(Pattern::quote).collect(Collectors.joining("|"));
        String all = quoted.isEmpty()
                ? words.pattern()
                : words.pattern().equals(NO_WORDS.pattern()) ? quoted : words.pattern() + "|" + quoted;
        return new MaskingRules(
                secretName,
                secretEnvName,
                reference,
                secretNumber,
                description,
                schemas,
                wholeObjects,
                never,
                labels,
                managedFields,
                pairs,
                binary,
                detectors.and(more.detect(), more.patterns()),
                fields.and(more.fields()),
                Pattern.compile(all, Pattern.CASE_INSENSITIVE));
    }

    private static ResourceType type(JsonNode rule) {
        return new ResourceType(
                rule.path("group").asText(), rule.path("resource").asText());
    }

    /**
     * Whether whatever stands below a field named like a secret is secret. The kinds that come with Kubernetes have no such field
     * that holds more than references.
     */
    boolean isSecretBelow(ResourceType type) {
        String group = type.group();
        return group.contains(".") && !group.endsWith(".k8s.io") && !schemas.contains(type);
    }

    /** Whether texts in a field of a kind of Kubernetes must be base64. */
    boolean isBinary(ResourceType type, String path, String name) {
        return !isSecretBelow(type) && (path.startsWith("binaryData.") || binary.contains(name));
    }

    boolean isSecretField(String name) {
        return (secretName.matcher(name).find() && !reference.matcher(name).find())
                || words.matcher(name).find();
    }

    boolean isSecretEnv(String name) {
        return ((secretName.matcher(name).find() || secretEnvName.matcher(name).find())
                        && !reference.matcher(name).find())
                || words.matcher(name).find();
    }

    boolean isReference(String name) {
        return reference.matcher(name).find();
    }

    boolean isSecretNumber(String name) {
        return secretNumber.matcher(name).find() || words.matcher(name).find();
    }

    /** Whether a field below one named like a secret says only what the secret is like. */
    boolean isDescription(String path) {
        return description.matcher(path).find();
    }
}
