package org.jackfield.oracle;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The small tools of data actions, after their documentation. */
public final class DataActionTools {
    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

    private DataActionTools() {}

    public static class Encoding {
        public String base64(Object value) {
            return value == null
                    ? null
                    : Base64.getEncoder().encodeToString(String.valueOf(value).getBytes(StandardCharsets.UTF_8));
        }
    }

    public static class SuccessTemplateUtils {
        public String firstFromArray(Object array) {
            return firstFromArray(array, "null");
        }

        public String firstFromArray(Object array, Object fallback) {
            try {
                JsonNode found = array instanceof String ? JSON.readTree((String) array) : JSON.valueToTree(array);
                if (found != null && found.isArray() && found.size() > 0) {
                    return JSON.writeValueAsString(found.get(0));
                }
            } catch (Exception notJson) {
                return String.valueOf(fallback);
            }
            return fallback == null ? "null" : String.valueOf(fallback);
        }
    }

    public static class Salesforce {
        public String escReserved(Object value) {
            return value == null ? null : String.valueOf(value).replaceAll("[?&|!{}\\[\\]()^~*:\\\\\"'+-]", "\\\\$0");
        }
    }
}
