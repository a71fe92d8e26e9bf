"""The visit counter on the ASK SDK for Python, with the names that the guide's table has."""

from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils import is_request_type
from ask_sdk_dynamodb.adapter import DynamoDbAdapter

adapter = DynamoDbAdapter(
    table_name="VisitCounter", partition_key_name="userId", attribute_name="mapAttr"
)
skill = CustomSkillBuilder(persistence_adapter=adapter)
skill.skill_id = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"


@skill.request_handler(can_handle_func=is_request_type("LaunchRequest"))
def welcome(handler_input):
    attributes = handler_input.attributes_manager
    visits = attributes.persistent_attributes
    visits["count"] = visits.get("count", 0) + 1
    attributes.persistent_attributes = visits
    attributes.save_persistent_attributes()
    if visits["count"] == 1:
        speech = "Welcome! This is your first visit."
    else:
        speech = f"Welcome back! This is visit {visits['count']}."
    return handler_input.response_builder.speak(speech).response


handler = skill.lambda_handler()
