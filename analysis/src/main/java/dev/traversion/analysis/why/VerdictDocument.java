/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Actor;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Verdicts and incidents as documents. */
public final class VerdictDocument {

    private static final long SECOND = 1_000_000_000L;

    private final JsonGenerator out;

    private VerdictDocument(JsonGenerator out) {
        this.out = out;
    }

    /**
     * {@code target, from, to, outcome, summary, symptoms, verdict, causes, candidates, ruledOut, missing, hidden, commands, took (ms),
     * read}.
     */
    public static void write(Verdict verdict, JsonGenerator out) throws IOException {
        new VerdictDocument(out).verdict(verdict);
    }

    /** {@code from, to, incidents, omitted, hidden}. */
    public static void write(Incidents incidents, JsonGenerator out) throws IOException {
        VerdictDocument document = new VerdictDocument(out);
        out.writeStartObject();
        out.writeStringField("from", time(incidents.from()));
        out.writeStringField("to", time(incidents.to()));
        out.writeArrayFieldStart("incidents");
        for (Trouble trouble : incidents.incidents()) {
            document.trouble(trouble);
        }
        out.writeEndArray();
        out.writeNumberField("omitted", incidents.omitted());
        document.texts("hidden", incidents.hidden());
        out.writeEndObject();
    }

    private void verdict(Verdict verdict) throws IOException {
        out.writeStartObject();
        out.writeObjectFieldStart("target");
        out.writeStringField("apiVersion", verdict.apiVersion());
        out.writeStringField("kind", verdict.kind());
        name(verdict.target());
        out.writeEndObject();
        out.writeStringField("from", time(verdict.from()));
        out.writeStringField("to", time(verdict.to()));
        out.writeStringField("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT));
        out.writeStringField("summary", verdict.summary());
        out.writeArrayFieldStart("symptoms");
        for (Trouble trouble : verdict.symptoms()) {
            trouble(trouble);
        }
        out.writeEndArray();
        if (!verdict.causes().isEmpty()) {
            out.writeFieldName("verdict");
            cause(verdict.causes().getFirst());
        }
        causes("causes", verdict.causes());
        causes("candidates", verdict.candidates());
        out.writeArrayFieldStart("ruledOut");
        for (Verdict.RuledOut ruled : verdict.ruledOut()) {
            out.writeStartObject();
            out.writeFieldName("change");
            change(ruled.change());
            out.writeStringField("why", ruled.why());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("missing");
        for (Missing missing : verdict.missing()) {
            out.writeStartObject();
            out.writeStringField("what", missing.what());
            out.writeStringField("from", time(missing.from()));
            out.writeStringField("to", time(missing.to()));
            out.writeStringField("reason", missing.reason());
            out.writeEndObject();
        }
        out.writeEndArray();
        texts("hidden", verdict.hidden());
        List<String> commands = new ArrayList<>();
        if (!verdict.causes().isEmpty()) {
            verdict.causes().getFirst().chain().forEach(step -> commands.addAll(commands(step)));
        }
        texts("commands", Set.copyOf(commands));
        out.writeNumberField("took", verdict.took() / 1_000_000);
        out.writeNumberField("read", verdict.read());
        out.writeEndObject();
    }

    private void texts(String name, Set<String> texts) throws IOException {
        out.writeArrayFieldStart(name);
        for (String text : texts.stream().sorted().toList()) {
            out.writeString(text);
        }
        out.writeEndArray();
    }

    private void trouble(Trouble trouble) throws IOException {
        out.writeStartObject();
        object(trouble.about());
        out.writeStringField("what", trouble.what().name().toLowerCase(Locale.ROOT));
        out.writeStringField("text", trouble.text());
        out.writeStringField("from", time(trouble.from()));
        if (!trouble.lasts()) {
            out.writeStringField("to", time(trouble.to()));
        }
        evidence(trouble.evidence());
        out.writeEndObject();
    }

    private void causes(String name, List<Cause> causes) throws IOException {
        out.writeArrayFieldStart(name);
        for (Cause cause : causes) {
            cause(cause);
        }
        out.writeEndArray();
    }

    private void cause(Cause cause) throws IOException {
        out.writeStartObject();
        out.writeStringField("tier", cause.tier().name());
        out.writeFieldName("change");
        change(cause.change());
        if (!cause.with().isEmpty()) {
            out.writeArrayFieldStart("with");
            for (Change change : cause.with()) {
                change(change);
            }
            out.writeEndArray();
        }
        out.writeNumberField("strength", Math.round(cause.strength() * 100) / 100.0);
        out.writeNumberField("explains", Math.round(cause.explains() * 100) / 100.0);
        out.writeArrayFieldStart("chain");
        for (Step step : cause.chain()) {
            out.writeStartObject();
            out.writeStringField("rule", step.rule());
            out.writeStringField("tier", step.tier().name());
            object(step.object());
            out.writeStringField("time", time(step.at()));
            out.writeStringField("text", step.text());
            evidence(step.evidence());
            texts("commands", Set.copyOf(commands(step)));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static List<String> commands(Step step) {
        ObjectKey key = step.object().key();
        String target = key.type() + "/" + key.name() + (key.namespace().isEmpty() ? "" : " -n " + key.namespace());
        List<String> commands = new ArrayList<>();
        commands.add(
                "kubectl traversion diff " + time(step.at() - SECOND) + ".." + time(step.at() + SECOND) + " " + target);
        boolean told = step.evidence().stream().anyMatch(each -> each.type() == Evidence.Type.EVENT);
        if (told) {
            commands.add(
                    "kubectl traversion timeline " + target + " --until " + time(step.at() + SECOND) + " --since 1m");
        }
        return commands;
    }

    private void evidence(List<Evidence> all) throws IOException {
        out.writeArrayFieldStart("evidence");
        for (Evidence each : all) {
            out.writeStartObject();
            out.writeStringField("type", each.type().name().toLowerCase(Locale.ROOT));
            object(each.version());
            out.writeStringField("time", time(each.at()));
            out.writeStringField("resourceVersion", each.version().resourceVersion());
            out.writeStringField("text", each.text());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void change(Change change) throws IOException {
        out.writeStartObject();
        object(change.after());
        out.writeStringField("operation", change.operation().name().toLowerCase(Locale.ROOT));
        out.writeStringField("path", change.path());
        value("old", change.old());
        value("new", change.now());
        out.writeStringField("time", time(change.at()));
        out.writeStringField("resourceVersion", change.after().resourceVersion());
        Actor actor = change.actor();
        if (actor != null) {
            out.writeObjectFieldStart("actor");
            out.writeStringField("manager", actor.manager());
            out.writeStringField("operation", actor.operation());
            out.writeStringField("time", actor.time());
            if (!actor.via().isEmpty()) {
                out.writeStringField("via", actor.via());
            }
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private void value(String name, JsonNode value) throws IOException {
        if (value != null && !value.isMissingNode()) {
            out.writeFieldName(name);
            out.writeTree(value);
        }
    }

    private void object(Version version) throws IOException {
        out.writeObjectFieldStart("object");
        out.writeStringField("apiVersion", version.apiVersion());
        out.writeStringField("kind", version.kind());
        name(version.key());
        out.writeEndObject();
    }

    private void name(ObjectKey key) throws IOException {
        out.writeStringField("resource", key.type().toString());
        if (!key.namespace().isEmpty()) {
            out.writeStringField("namespace", key.namespace());
        }
        out.writeStringField("name", key.name());
    }

    private static String time(long nanos) {
        return Times.instant(nanos).toString();
    }
}
