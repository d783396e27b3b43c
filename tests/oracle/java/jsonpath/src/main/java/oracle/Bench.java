package oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.jayway.jsonpath.JsonPath;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Times reads of precompiled paths, one round per line of input.
 *
 * The first line is {"paths": [...], "document": JSON text}; the engine warms up on it and answers "ready".
 * Every further line is a number of repetitions; the answer is the microseconds that one pass over all
 * paths took on average.
 */
final class Bench {

    private static volatile Object sink;

    private Bench() {
    }

    static void serve(BufferedReader in, BufferedWriter out) throws Exception {
        JsonNode setup = new ObjectMapper().readTree(in.readLine());
        List<JsonPath> paths = new ArrayList<>();
        for (JsonNode path : setup.get("paths")) {
            paths.add(JsonPath.compile(path.asText()));
        }
        Object document = Answer.CONFIGURATION.jsonProvider().parse(setup.get("document").asText());
        long end = System.nanoTime() + 4_000_000_000L;
        while (System.nanoTime() < end) {
            pass(paths, document);
        }
        reply(out, "ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int repetitions = Integer.parseInt(line.trim());
            long start = System.nanoTime();
            for (int i = 0; i < repetitions; i++) {
                pass(paths, document);
            }
            reply(out, String.valueOf((System.nanoTime() - start) / 1000.0 / repetitions));
        }
    }

    private static void pass(List<JsonPath> paths, Object document) {
        for (JsonPath path : paths) {
            sink = path.read(document, Answer.CONFIGURATION);
        }
    }

    private static void reply(BufferedWriter out, String text) throws Exception {
        out.write(text);
        out.write('\n');
        out.flush();
    }
}
