locals {
  orders = "https://orders.example.com/v1"
}

resource "genesyscloud_integration" "orders" {
  integration_type = "custom-rest-actions"
  intended_state   = "ENABLED"
}

resource "genesyscloud_integration_action" "cancel_order" {
  name                   = "Cancel order"
  category               = "Orders"
  integration_id         = genesyscloud_integration.orders.id
  config_timeout_seconds = 10

  contract_input = jsonencode({
    type = "object"
    properties = {
      orderId = { type = "string" }
      reason  = { type = "string" }
    }
    required             = ["orderId", "reason"]
    additionalProperties = true
  })
  contract_output = jsonencode({
    type       = "object"
    properties = { state = { type = "string" } }
  })

  # A reference of Velocity begins with `$${`: Terraform would resolve `${` itself.
  config_request {
    request_url_template = "${local.orders}/orders/$esc.uriEncode($${input.orderId})/cancel"
    request_type         = "POST"
    headers              = { "Content-Type" = "application/json" }
    request_template     = <<-EOT
      { "reason": "$esc.jsonEncode($${input.reason})" }
    EOT
  }
  config_response {
    translation_map          = { state = "$.order.state" }
    translation_map_defaults = { state = "\"unknown\"" }
    success_template         = file("${path.module}/success.vm")
  }
}
