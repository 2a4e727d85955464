/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.coverage.CoverageSchema;
import dev.traversion.archive.landing.LandingColumn;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeSchema;
import dev.traversion.archive.parquet.Column;
import dev.traversion.archive.parquet.TableSchema;
import dev.traversion.archive.part.VersionsSchema;
import dev.traversion.kubectl.server.OpenRecording;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A DuckDB in this process with a view for each table of a recording, which it can only read. */
public final class QueryDatabase implements AutoCloseable {

    /** Receives the names of the columns, then each row; null where there is no value. */
    public interface Rows {
        void columns(List<String> names) throws IOException;

        void row(List<Object> values) throws IOException;
    }

    /** Of logs: a time that is UTC from the start. */
    private static final String LOGGED = "logged";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> VERSION_TIMES = Set.of("part_start", "part_end", "observed_at", "valid_to");
    private static final Set<String> COVERAGE_TIMES = Set.of("from_time", "to_time");

    /**
     * Each connection once, as each of its ends has told of it: at its end, or, if that has not come, when an agent began. Their bytes are all
     * since the connection was made, so those of an open one are in what is told later.
     */
    private static final String CONNECTIONS =
            "CREATE VIEW connections AS SELECT * EXCLUDE (next_time, next_started) FROM (SELECT *, lead(time) OVER later AS"
                    + " next_time, lead(started) OVER later AS next_started FROM flows WHERE kind IN ('connected', 'accepted',"
                    + " 'failed', 'unknown', 'open') WINDOW later AS (PARTITION BY node, network_namespace, local_address,"
                    + " local_port, remote_address, remote_port ORDER BY time)) WHERE kind <> 'open' OR next_time IS NULL OR"
                    + " next_started > time";

    /** An agent that has lost its place reads a log again: a container runtime gives no two lines the same time and the same text. */
    private static final String LINES =
            "CREATE VIEW lines AS SELECT DISTINCT ON (pod_uid, container, restart, stream, logged, line) * FROM logs WHERE"
                    + " stream <> 'begin' ORDER BY time";

    private final Connection connection;
    private final Set<String> empty = new TreeSet<>();

    /**
     * Brings the files of the tables to this machine, where they are not yet.
     *
     * @param work an empty folder, used as long as the database is
     */
    public QueryDatabase(OpenRecording recording, Path work) throws IOException {
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
        } catch (SQLException e) {
            throw failure(e);
        }
        try (Statement statement = connection.createStatement()) {
            List<Path> all = new ArrayList<>();
            view(
                    statement,
                    "part_rows",
                    VersionsSchema.TABLE,
                    VERSION_TIMES,
                    recording.files("versions", VersionsSchema.TABLE),
                    all);
            view(
                    statement,
                    "coverage",
                    CoverageSchema.TABLE,
                    COVERAGE_TIMES,
                    recording.files("coverage", CoverageSchema.TABLE),
                    all);
            for (LandingTable table : LandingTable.values()) {
                Set<String> times = table.columns().stream()
                        .filter(column -> column.isTime() || column.name().equals(LOGGED))
                        .map(LandingColumn::name)
                        .collect(Collectors.toSet());
                view(
                        statement,
                        table.tableName(),
                        NodeSchema.of(table),
                        times,
                        recording.nodes().files(table, work),
                        all);
            }
            // Every version once; the rows that carry an object into a later part repeat it.
            statement.execute("CREATE VIEW versions AS SELECT * EXCLUDE (carry) FROM part_rows WHERE NOT carry");
            statement.execute(
                    "CREATE MACRO objects(t) AS TABLE SELECT * EXCLUDE (carry) FROM part_rows WHERE part_start ="
                            + " (SELECT max(part_start) FROM part_rows WHERE part_start <= t) AND observed_at <= t"
                            + " AND (valid_to IS NULL OR t < valid_to) AND operation <> 'DELETED'");
            statement.execute("CREATE VIEW pods AS SELECT DISTINCT uid AS pod_uid, namespace, name FROM part_rows"
                    + " WHERE \"group\" = '' AND resource = 'pods'");
            statement.execute(CONNECTIONS);
            statement.execute(LINES);
            lock(statement, all);
        } catch (SQLException e) {
            close();
            throw failure(e);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void view(
            Statement statement, String name, TableSchema schema, Set<String> times, List<Path> files, List<Path> all)
            throws SQLException {
        all.addAll(files);
        String columns = schema.columns().stream()
                .map(column -> expression(column, times.contains(column.name()), schema.isLater(column)))
                .collect(Collectors.joining(", "));
        String none = "SELECT "
                + schema.columns().stream()
                        .map(column -> "NULL::" + type(column) + " AS \"" + column.name() + "\"")
                        .collect(Collectors.joining(", "))
                + " WHERE false";
        String rows = "(" + none + ")";
        if (files.isEmpty()) {
            empty.add(name);
        } else {
            String list = files.stream().map(file -> text(file.toString())).collect(Collectors.joining(", "));
            rows = "read_parquet([" + list + "])";
            if (schema.columns().stream().anyMatch(schema::isLater)) {
                // Not each file has each column, and maybe none does.
                rows = "(" + none + " UNION ALL BY NAME SELECT * FROM read_parquet([" + list
                        + "], union_by_name = true))";
            }
        }
        statement.execute("CREATE VIEW " + name + " AS SELECT " + columns + " FROM " + rows);
    }

    /** A time that is not known, or without end, is none. */
    private static String expression(Column column, boolean isTime, boolean isLater) {
        String name = "\"" + column.name() + "\"";
        if (isLater) {
            return "coalesce(" + name + ", " + (type(column).equals("VARCHAR") ? "''" : "0") + ") AS " + name;
        }
        return isTime
                ? "CASE WHEN " + name + " > 0 AND " + name + " < " + Long.MAX_VALUE + " THEN make_timestamp_ns(" + name
                        + ") END AS " + name
                : name;
    }

    private static String type(Column column) {
        return switch (column.kind()) {
            case LONG, NUMBER -> "BIGINT";
            case INT -> "INTEGER";
            case BOOLEAN -> "BOOLEAN";
            case WORD, TEXT -> "VARCHAR";
            case WORDS -> "VARCHAR[]";
        };
    }

    /** From here on nothing but these files can be read, and that cannot be changed. */
    private static void lock(Statement statement, List<Path> files) throws SQLException {
        String list = files.stream().map(file -> text(file.toString())).collect(Collectors.joining(", "));
        statement.execute("SET autoinstall_known_extensions = false");
        statement.execute("SET autoload_known_extensions = false");
        statement.execute("SET allowed_paths = [" + list + "]");
        statement.execute("SET enable_external_access = false");
        statement.execute("SET lock_configuration = true");
    }

    /** Tables of which nothing was recorded. */
    public Set<String> empty() {
        return empty;
    }

    /**
     * Answers a query.
     *
     * @throws TraversionException if it is none, if it is more than one, or if it fails
     */
    public void query(String sql, Rows rows) throws IOException {
        try {
            requireQuery(sql);
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(sql)) {
                ResultSetMetaData meta = result.getMetaData();
                List<String> names = new ArrayList<>();
                for (int i = 1; i <= meta.getColumnCount(); i++) {
                    names.add(meta.getColumnLabel(i));
                }
                rows.columns(names);
                while (result.next()) {
                    List<Object> values = new ArrayList<>();
                    for (int i = 1; i <= names.size(); i++) {
                        Object value = result.getObject(i);
                        boolean isPlain = value == null || value instanceof Number || value instanceof Boolean;
                        values.add(isPlain ? value : result.getString(i));
                    }
                    rows.row(values);
                }
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** DuckDB tells a SELECT from what changes something: only that can be put into JSON. */
    private void requireQuery(String sql) throws SQLException, IOException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
            statement.setString(1, sql);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                JsonNode answer = JSON.readTree(result.getString(1));
                if (answer.path("error").asBoolean()) {
                    String message = answer.path("error_message").asText();
                    throw new TraversionException(
                            message.contains("Only SELECT")
                                    ? "A recording can only be read: write a SELECT."
                                    : "DuckDB does not understand the query: " + message);
                }
                if (answer.path("statements").size() != 1) {
                    throw new TraversionException(
                            "Write one query, not " + answer.path("statements").size() + ".");
                }
            }
        }
    }

    private static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    private static TraversionException failure(SQLException e) {
        return new TraversionException("DuckDB could not answer: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }
}
